import { checkGraph } from "./check.ts";
import { elementTypeIds } from "./elementType.ts";
import { OnnxError } from "./errors.ts";
import type { Attribute, OnnxGraph, OnnxNode, ValueInfo } from "./graph.ts";
import { encodeFieldHead, encodeMessage, externalLocation, fieldNumbers } from "./schema.ts";
import type { Tensor } from "./tensor.ts";

/** The version of the file format that onnxruntime reads since 2022. */
const irVersion = 8;

/** What a protobuf message can have at most. */
const mostBytes = 2 ** 31 - 1;

/** Where a weight lies in a file beside. */
export interface ExternalPlace {
  /** The name of the file, in the folder of the graph's. */
  readonly location: string;
  readonly offsetBytes: number;
  readonly bytes: number;
}

function entriesOf(texts: Readonly<Record<string, string | number>>): readonly { key: string; value: string }[] {
  return Object.entries(texts).map(([key, value]) => ({ key, value: String(value) }));
}

function tensorHeadOf({ name, type, dimensions }: Tensor): Record<string, unknown> {
  return { name, dimensions, type: elementTypeIds.get(type) };
}

function attributeMessageOf(name: string, attribute: Attribute): Record<string, unknown> {
  if ("float" in attribute) return { name, kind: 1, ...attribute };
  if ("int" in attribute) return { name, kind: 2, ...attribute };
  if ("text" in attribute) return { name, kind: 3, text: Buffer.from(attribute.text) };
  if ("floats" in attribute) return { name, kind: 6, ...attribute };
  if ("ints" in attribute) return { name, kind: 7, ...attribute };
  return { name, kind: 4, tensor: { ...tensorHeadOf(attribute.tensor), raw: attribute.tensor.data } };
}

function nodeMessageOf({ attributes, ...node }: OnnxNode): Record<string, unknown> {
  return { ...node, attributes: Object.entries(attributes).map(([name, value]) => attributeMessageOf(name, value)) };
}

function valueMessageOf({ name, type, dimensions }: ValueInfo): Record<string, unknown> {
  const sizes = dimensions.map((size) => (typeof size === "number" ? { size } : { name: size }));
  return { name, type: { tensor: { elementType: elementTypeIds.get(type), shape: { dimensions: sizes } } } };
}

function bytesOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((total, piece) => total + piece.length, 0);
}

/** One weight as a field of the graph: its own bytes stay where they are. */
function weightPiecesOf(weight: Tensor, place: ExternalPlace | undefined): readonly Uint8Array[] {
  const pieces = [];
  if (place === undefined) {
    const head = encodeMessage("Tensor", tensorHeadOf(weight));
    pieces.push(head, encodeFieldHead(fieldNumbers.rawOfTensor, weight.data.length), weight.data);
  } else {
    const { location, offsetBytes, bytes } = place;
    const external = entriesOf({ location, offset: offsetBytes, length: bytes });
    pieces.push(encodeMessage("Tensor", { ...tensorHeadOf(weight), location: externalLocation, external }));
  }
  return [encodeFieldHead(fieldNumbers.weightOfGraph, bytesOf(pieces)), ...pieces];
}

function assertFits(bytes: number): void {
  if (bytes <= mostBytes) return;
  const message = `The graph takes ${bytes} bytes, and one ONNX file has ${mostBytes} at most. Write its weights as external data.`;
  throw new OnnxError("too-large", message, { facts: { bytes, mostBytes } });
}

/**
 * The bytes of an ONNX file in pieces, of which the weights are the graph's own bytes, not copied.
 * @param places where weights lie that are not in this file, by name
 * @throws {OnnxError} as `checkGraph`, and `too-large`
 */
export function piecesOf(graph: OnnxGraph, places?: ReadonlyMap<string, ExternalPlace>): readonly Uint8Array[] {
  checkGraph(graph);
  const { name, nodes, inputs, outputs, weights, metadata, operatorSets } = graph;
  const skeleton = encodeMessage("Graph", {
    name,
    nodes: nodes.map(nodeMessageOf),
    inputs: inputs.map(valueMessageOf),
    outputs: outputs.map(valueMessageOf),
  });
  const graphPieces = [skeleton, ...weights.flatMap((weight) => weightPiecesOf(weight, places?.get(weight.name)))];
  const model = encodeMessage("Model", {
    irVersion,
    producer: "numalab",
    operatorSets: Object.entries(operatorSets).map(([domain, version]) => ({ domain, version })),
    metadata: entriesOf(metadata),
  });
  const graphBytes = bytesOf(graphPieces);
  assertFits(model.length + graphBytes + 16);
  return [model, encodeFieldHead(fieldNumbers.graphOfModel, graphBytes), ...graphPieces];
}

/**
 * A whole ONNX file in memory, for graphs that need no external data.
 * @throws {OnnxError} as `checkGraph`, and `too-large`
 */
export function encodeOnnx(graph: OnnxGraph): Uint8Array {
  const { buffer, byteOffset, byteLength } = Buffer.concat(piecesOf(graph));
  return new Uint8Array(buffer, byteOffset, byteLength); // a Buffer would spell itself out in JSON
}
