import { type Random, seededRandom } from "../stats/index.ts";
import { createGraphBuilder, type GraphBuilder } from "./builder.ts";
import { elementsCountOf, type Tensor, tensorOf } from "./tensor.ts";

/** A net that is being built, with the source of its weights. */
export interface Net {
  readonly builder: GraphBuilder;
  readonly random: Random;
}

/** How the elements of a weight are spread. */
interface Spread {
  readonly dimensions: readonly number[];
  /** Default 0. */
  readonly mean?: number;
  /** The standard deviation. */
  readonly deviation: number;
}

/** A net without nodes; the same seed gives the same weights. */
export function createNet(randomSeed: number): Net {
  return { builder: createGraphBuilder(), random: seededRandom(randomSeed) };
}

/** A weight of evenly spread random elements, not yet in the net. */
export function randomTensor(random: Random, name: string, { dimensions, mean = 0, deviation }: Spread): Tensor {
  // An even spread reaches so far to both sides of its mean.
  const reach = deviation * Math.sqrt(3);
  const values = new Float32Array(elementsCountOf(dimensions));
  for (let index = 0; index < values.length; index++) values[index] = mean + reach * (2 * random() - 1);
  return tensorOf(name, values, dimensions);
}

/** Adds such a weight, and gives its name. */
export function addWeight({ builder, random }: Net, name: string, spread: Spread): string {
  return builder.weight(randomTensor(random, name, spread));
}

/** The same elements in other sizes, of which 0 keeps what is there. */
export function addReshape(
  { builder }: Net,
  input: string,
  { name, sizes }: { readonly name: string; readonly sizes: readonly number[] },
): string {
  const shape = builder.weight(tensorOf(`${name}.shape`, BigInt64Array.from(sizes, BigInt)));
  return builder.node("Reshape", [input, shape], { name });
}

/** A matrix, named `<name>.weight` with inputs as rows, that keeps the size of what it multiplies; and its bias. */
export function addLinear(
  net: Net,
  input: string,
  linear: { readonly name: string; readonly inputs: number; readonly outputs: number; readonly hasBias?: boolean },
): string {
  const { name, inputs, outputs, hasBias = true } = linear;
  const weight = addWeight(net, `${name}.weight`, { dimensions: [inputs, outputs], deviation: 1 / Math.sqrt(inputs) });
  const product = net.builder.node("MatMul", [input, weight], { name });
  if (!hasBias) return product;
  const bias = addWeight(net, `${name}.bias`, { dimensions: [outputs], deviation: 0.02 });
  return net.builder.node("Add", [product, bias], { name: `${name}.add` });
}

/** The weights of a norm, near 1 as in trained models. */
export function addScale(net: Net, name: string, size: number): string {
  return addWeight(net, `${name}.weight`, { dimensions: [size], mean: 1, deviation: 0.05 });
}

/** What the metadata of a graph with random weights says. */
export function syntheticMetadata(architecture: string, randomSeed: number): Readonly<Record<string, string>> {
  return {
    "numalab.architecture": architecture,
    "numalab.synthetic": "true",
    "numalab.random_seed": String(randomSeed),
  };
}
