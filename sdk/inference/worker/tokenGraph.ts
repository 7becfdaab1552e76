import type { Tensor as Value } from "onnxruntime-node";
import { elementsCountOf, tensorOf, type ValueInfo } from "../../onnx/index.ts";
import { EngineError } from "../errors.ts";
import type { LoadedGraph, Values } from "./onnxGraph.ts";
import { valueOf } from "./onnxTensor.ts";

/** A graph that takes tokens: an encoder, or a decoder with the keys and values of the tokens before. */
export interface TokenGraph {
  /** Whether it is a decoder: keys and values of one call are inputs of the next. */
  readonly hasCache: boolean;
  /** Whether a mask says which tokens count, so that texts of different lengths can be computed together. */
  readonly hasMask: boolean;
  /** Forgets the tokens before. */
  clear(): void;
  /** Computes new tokens of each text after those before, and gives the outputs that are no cache. A cache is of one text. */
  feed(texts: readonly (readonly number[])[]): Promise<Values>;
}

const pastName = /^past_key_values\./;
const presentOf = (input: string): string => input.replace(pastName, "present.");

/** Keys and values of no token. */
function emptyCacheOf({ name, type, dimensions }: ValueInfo): Value {
  const sizes = dimensions.map((size, index) => (typeof size === "number" ? size : index === 0 ? 1 : 0));
  return valueOf({ name, type, dimensions: sizes, data: new Uint8Array(elementsCountOf(sizes)) });
}

/** The inputs beside the cache, for `count` new tokens after `before` others. */
const plainInputs: Readonly<Record<string, (tokens: readonly number[], before: number) => readonly number[]>> = {
  input_ids: (tokens) => tokens,
  attention_mask: (tokens, before) => new Array<number>(before + tokens.length).fill(1),
  token_type_ids: (tokens) => new Array<number>(tokens.length).fill(0),
  position_ids: (tokens, before) => tokens.map((_, index) => before + index),
};

/** Rows of which the shorter are filled up with zeros: tokens that the mask leaves out. */
function tableOf(name: string, rows: readonly (readonly number[])[]): Value {
  const width = Math.max(...rows.map(({ length }) => length));
  const numbers = rows.flatMap((row) => Array.from({ length: width }, (_, at) => BigInt(row[at] ?? 0)));
  return valueOf(tensorOf(name, BigInt64Array.from(numbers), [rows.length, width]));
}

function assertInputs(inputs: readonly ValueInfo[]): void {
  const unknown = inputs.find(({ name, type }) => !Object.hasOwn(plainInputs, name) || type !== "int64");
  if (unknown === undefined && inputs.some(({ name }) => name === "input_ids")) return;
  const found = unknown === undefined ? "no input_ids" : `the input ${unknown.name} in ${unknown.type}`;
  const message = `The graph has ${found}; an engine feeds ${Object.keys(plainInputs).join(", ")} in int64 and past_key_values. Run other graphs with startSession.`;
  throw new EngineError("not-supported", message, { facts: { name: unknown?.name ?? null } });
}

/**
 * The graph as one that takes tokens.
 * @throws {EngineError} `not-supported` for inputs that no token gives
 */
export function tokenGraphOf(graph: LoadedGraph): TokenGraph {
  const caches = graph.inputs.filter(({ name }) => pastName.test(name));
  const plain = graph.inputs.filter(({ name }) => !pastName.test(name));
  assertInputs(plain);
  const wanted = graph.outputs.map(({ name }) => name);
  let cache: Values = {};
  let count = 0;
  const clear = (): void => {
    cache = Object.fromEntries(caches.map((info) => [info.name, emptyCacheOf(info)]));
    count = 0;
  };
  clear();
  return {
    hasCache: caches.length > 0,
    hasMask: plain.some(({ name }) => name === "attention_mask"),
    clear,
    async feed(texts) {
      const rowOf = (name: string, tokens: readonly number[]) => plainInputs[name]?.(tokens, count) ?? [];
      const feeds = plain.map(
        ({ name }) =>
          [
            name,
            tableOf(
              name,
              texts.map((tokens) => rowOf(name, tokens)),
            ),
          ] as const,
      );
      const outputs = await graph.run({ ...Object.fromEntries(feeds), ...cache }, wanted);
      cache = Object.fromEntries(caches.map(({ name }) => [name, outputs[presentOf(name)]])) as Values;
      if (caches.length > 0) count += texts[0]?.length ?? 0;
      return outputs;
    },
  };
}
