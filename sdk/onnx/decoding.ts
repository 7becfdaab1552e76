import { checkNames } from "./check.ts";
import type { ExternalPlace } from "./encoding.ts";
import { corruptFile, notSupported, OnnxError } from "./errors.ts";
import type { Attribute, OnnxGraph, OnnxNode, ValueInfo } from "./graph.ts";
import type { AttributeMessage, ModelMessage, NodeMessage, ValueMessage } from "./schema.ts";
import { decodeModelMessage } from "./schema.ts";
import type { Tensor } from "./tensor.ts";
import { decodeElementType, decodePlace, decodeTensor } from "./tensorDecoding.ts";

/** A graph of which some weights may lie in other files: those have no bytes yet. */
export interface DecodedFile {
  readonly graph: OnnxGraph;
  /** By the names of the weights. */
  readonly places: ReadonlyMap<string, ExternalPlace>;
}

/** The greatest number below 2^63: the end of everything, where a slice has no other. */
const mostInteger = 2 ** 63 - 1024;

function decodeInteger(value: bigint): number {
  return Math.min(Number(value), mostInteger);
}

function decodeConstant({ name, tensor: message }: AttributeMessage): Tensor {
  if (message === undefined) throw corruptFile(`The setting ${name} of a node holds no tensor`);
  const tensor = decodeTensor(message);
  if (decodePlace(message, tensor) === null) return tensor;
  throw notSupported(`The constant ${tensor.name} of a node lies in another file`);
}

/** How each kind of attribute is read, by its number. */
const attributeDecoders: ReadonlyMap<number, (message: AttributeMessage) => Attribute> = new Map([
  [1, ({ float = 0 }: AttributeMessage): Attribute => ({ float })],
  [2, ({ int = 0n }: AttributeMessage): Attribute => ({ int: decodeInteger(int) })],
  [3, ({ text }: AttributeMessage): Attribute => ({ text: Buffer.from(text ?? []).toString() })],
  [4, (message: AttributeMessage): Attribute => ({ tensor: decodeConstant(message) })],
  [6, ({ floats }: AttributeMessage): Attribute => ({ floats })],
  [7, ({ ints }: AttributeMessage): Attribute => ({ ints: ints.map(decodeInteger) })],
]);

function decodeAttribute(message: AttributeMessage, operator: string): readonly [string, Attribute] {
  const { name = "", kind = 0 } = message;
  const decode = attributeDecoders.get(kind);
  if (decode !== undefined) return [name, decode(message)];
  throw notSupported(`The setting ${name} of a node ${operator} is of kind ${kind}, such as a graph within the graph`);
}

/** The operators of ONNX itself have two names for their domain. */
function plainDomainOf(domain: string): string {
  return domain === "ai.onnx" ? "" : domain;
}

function decodeNode({ name = "", operator = "", domain = "", inputs, outputs, attributes }: NodeMessage): OnnxNode {
  const entries = attributes.map((attribute) => decodeAttribute(attribute, operator));
  const attributesByName = Object.fromEntries(entries);
  return { name, operator, domain: plainDomainOf(domain), inputs, outputs, attributes: attributesByName };
}

function decodeValue({ name = "", type }: ValueMessage): ValueInfo {
  const tensor = type?.tensor;
  if (tensor?.shape === undefined) throw notSupported(`The value ${name} is no tensor of a known number of dimensions`);
  const dimensions = tensor.shape.dimensions.map(({ size, name: symbol }) =>
    size === undefined ? (symbol ?? "?") : Number(size),
  );
  return { name, type: decodeElementType(tensor.elementType, name), dimensions };
}

/** What the file says, or why it says nothing. */
function decodeMessage(bytes: Uint8Array): ModelMessage {
  try {
    return decodeModelMessage(bytes);
  } catch (cause) {
    const isCut = cause instanceof RangeError;
    const found = isCut ? "The file ends within what it describes" : "The bytes are no protobuf message";
    const message = `${found}. It is cut off, damaged or no ONNX: pass a whole ONNX file.`;
    throw new OnnxError(isCut ? "truncated" : "not-onnx", message, { cause });
  }
}

function decodeWeights(
  messages: NonNullable<ModelMessage["graph"]>["weights"],
): Pick<DecodedFile, "places"> & { weights: Tensor[] } {
  const places = new Map<string, ExternalPlace>();
  const weights = messages.map((message) => {
    const weight = decodeTensor(message);
    const place = decodePlace(message, weight);
    if (place !== null) places.set(weight.name, place);
    return weight;
  });
  return { weights, places };
}

/**
 * The graph of a file, with the places of the weights that are in others.
 * @throws {OnnxError} `not-onnx`, `truncated`, `corrupt-file`, `not-supported`, `duplicate-name` or `unknown-name`
 */
export function decodeFile(bytes: Uint8Array): DecodedFile {
  const { graph: message, operatorSets, metadata } = decodeMessage(bytes);
  if (message === undefined || operatorSets.length === 0) {
    throw new OnnxError("not-onnx", "The file holds no graph with operators. Pass an ONNX model.");
  }
  const { weights, places } = decodeWeights(message.weights);
  // Older files list their weights among the inputs.
  const stored = new Set(weights.map(({ name }) => name));
  const graph: OnnxGraph = {
    name: message.name ?? "",
    inputs: message.inputs.filter(({ name = "" }) => !stored.has(name)).map(decodeValue),
    outputs: message.outputs.map(decodeValue),
    nodes: message.nodes.map(decodeNode),
    weights,
    metadata: Object.fromEntries(metadata.map(({ key = "", value = "" }) => [key, value])),
    operatorSets: Object.fromEntries(
      operatorSets.map(({ domain = "", version = 0n }) => [plainDomainOf(domain), Number(version)]),
    ),
  };
  checkNames(graph);
  return { graph, places };
}

/**
 * The graph of an ONNX file in memory; its weights are views into `bytes`.
 * @throws {OnnxError} as `readOnnx`, and `not-supported` when weights lie in other files
 */
export function decodeOnnx(bytes: Uint8Array): OnnxGraph {
  const { graph, places } = decodeFile(bytes);
  if (places.size === 0) return graph;
  throw notSupported("The graph has weights in other files, and bytes in memory have no files beside them");
}
