import { type Tensor, tensorBytesOf, type ValueInfo } from "../onnx/index.ts";
import { EngineError } from "./errors.ts";

function refuse(message: string, facts: Readonly<Record<string, unknown>>): never {
  throw new EngineError("invalid-request", message, { facts });
}

const listOf = (names: readonly string[]): string => (names.length === 0 ? "none" : names.join(", "));

const namesOf = (infos: readonly { readonly name: string }[]): string[] => infos.map(({ name }) => name);

const formOf = ({ type, dimensions }: Pick<ValueInfo, "type" | "dimensions">): string =>
  `${type} [${dimensions.join(", ")}]`;

/** Sizes that the names of dimensions stand for in one run. */
type NamedSizes = Map<string, number>;

function fits(size: number, dimension: number | string, sizes: NamedSizes): boolean {
  if (typeof dimension === "number") return size === dimension;
  // A dimension without a name may have any size.
  if (dimension === "") return size >= 0;
  const known = sizes.get(dimension) ?? size;
  sizes.set(dimension, known);
  return known === size;
}

function assertFeed(feed: Tensor, input: ValueInfo, sizes: NamedSizes): void {
  const facts = { name: feed.name, found: formOf(feed), needed: formOf(input) };
  const isFitting =
    feed.type === input.type &&
    feed.dimensions.length === input.dimensions.length &&
    feed.dimensions.every((size, index) => fits(size, input.dimensions[index] ?? "", sizes));
  if (!isFitting) {
    const known = [...sizes].map(([name, size]) => `${name} = ${size}`).join(", ");
    const where = known === "" ? "" : ` where ${known}`;
    refuse(`The feed ${feed.name} is ${facts.found}; needed ${facts.needed}${where}. Pass such a tensor.`, facts);
  }
  const bytes = tensorBytesOf(feed.type, feed.dimensions);
  if (feed.data.byteLength === bytes) return;
  const message = `The feed ${feed.name} has ${feed.data.byteLength} bytes; ${facts.found} needs ${bytes}. Pass all its elements.`;
  refuse(message, { ...facts, bytes });
}

/**
 * Refuses feeds that are not exactly the inputs of a graph, before native code sees them.
 * @throws {EngineError} `invalid-request`
 */
export function assertFeeds(feeds: readonly Tensor[], inputs: readonly ValueInfo[]): void {
  const [found, needed] = [namesOf(feeds), namesOf(inputs)];
  const isComplete = found.length === needed.length && needed.every((name) => found.includes(name));
  if (!isComplete) {
    const message = `The feeds are ${listOf(found)}; needed ${listOf(needed)}. Pass one tensor for each.`;
    refuse(message, { found, needed });
  }
  const sizes: NamedSizes = new Map();
  for (const input of inputs) assertFeed(feeds[found.indexOf(input.name)] as Tensor, input, sizes);
}

/**
 * Refuses names that are none of these values.
 * @throws {EngineError} `invalid-request`
 */
export function assertNames(what: string, names: readonly string[], infos: readonly ValueInfo[]): void {
  const known = namesOf(infos);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  refuse(`${unknown} is no ${what} of the graph. Name some of: ${listOf(known)}.`, { name: unknown, known });
}
