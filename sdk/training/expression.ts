import type { Attribute, ElementType } from "../onnx/index.ts";

interface Shaped {
  readonly type: ElementType;
  /** Outermost first; none for a single value. */
  readonly dimensions: readonly number[];
}

/** A value that is known when the graph runs: data, a setting, or a weight in training. */
export interface Input extends Shaped {
  readonly kind: "input";
  readonly name: string;
}

/** A value that is known when the graph is written. */
export interface Constant extends Shaped {
  readonly kind: "constant";
  /** The elements as a tensor stores them. */
  readonly data: Uint8Array;
}

/** A value that an operator makes of others. */
export interface Operation extends Shaped {
  readonly kind: "operation";
  readonly operator: string;
  readonly inputs: readonly Expression[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A value to be computed, as plain data: only what an output needs gets into a graph. */
export type Expression = Input | Constant | Operation;

/** A value that is known when the graph runs. */
export function inputOf(name: string, type: ElementType, dimensions: readonly number[]): Input {
  return { kind: "input", name, type, dimensions };
}

function bytesOf(values: readonly number[], type: ElementType): Uint8Array {
  if (type === "int64") return new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
  return new Uint8Array((type === "float64" ? Float64Array : Float32Array).from(values).buffer);
}

/** A value that is known when the graph is written. */
export function constantOf(
  values: readonly number[],
  type: ElementType,
  dimensions: readonly number[] = [values.length],
): Constant {
  return { kind: "constant", type, dimensions, data: bytesOf(values, type) };
}

/** The values that are needed for these, each after those that it is made of. */
export function orderOf(ends: readonly Expression[]): readonly Expression[] {
  const ordered = new Set<Expression>();
  const visit = (value: Expression): void => {
    if (ordered.has(value)) return;
    if (value.kind === "operation") value.inputs.forEach(visit);
    ordered.add(value);
  };
  ends.forEach(visit);
  return [...ordered];
}
