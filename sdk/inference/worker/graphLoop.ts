import type { Tensor } from "../../onnx/index.ts";
import type { CarryRequest, StepsRequest } from "../sessionProtocol.ts";
import { type LoadedGraph, tensorsOf, type Values, valuesOf } from "./onnxGraph.ts";

/** Runs of one graph whose outputs are inputs of the next run, and stay in this process between them. */
export interface GraphLoop {
  step(request: StepsRequest): Promise<readonly (readonly Tensor[])[]>;
  carried(): readonly Tensor[];
}

/** A loop before its first step. */
export function createGraphLoop(graph: LoadedGraph, { carry, initial }: CarryRequest): GraphLoop {
  const pairs = Object.entries(carry);
  const inputs = pairs.map(([, input]) => input);
  let carried: Values = valuesOf(initial);
  return {
    async step({ batches, outputs }) {
      const wanted = [...new Set([...outputs, ...Object.keys(carry)])];
      const given: (readonly Tensor[])[] = [];
      for (const batch of batches) {
        const values = await graph.run({ ...valuesOf(batch), ...carried }, wanted);
        carried = Object.fromEntries(pairs.map(([output, input]) => [input, values[output]])) as Values;
        given.push(tensorsOf(values, outputs));
      }
      return given;
    },
    carried: () => tensorsOf(carried, inputs),
  };
}
