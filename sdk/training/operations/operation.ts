import type { Attribute, ElementType } from "../../onnx/index.ts";
import { TrainingError } from "../errors.ts";
import type { Expression, Operation } from "../expression.ts";

interface Result {
  readonly dimensions: readonly number[];
  /** Default: that of the first input. */
  readonly type?: ElementType;
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

/** The value that an operator of ONNX makes of its inputs. */
export function operationOf(
  operator: string,
  inputs: readonly Expression[],
  { dimensions, type = inputs[0]?.type ?? "float32", attributes = {} }: Result,
): Operation {
  return { kind: "operation", operator, inputs, type, dimensions, attributes };
}

/** The error of an operator whose inputs do not fit each other. */
export function misfit(operator: string, found: readonly (readonly number[])[]): TrainingError {
  const shapes = found.map((dimensions) => `[${dimensions.join(", ")}]`).join(" and ");
  const message = `${operator} cannot be applied to ${shapes}. Pass dimensions that fit each other.`;
  return new TrainingError("shape-mismatch", message, { facts: { operator, dimensions: found } });
}
