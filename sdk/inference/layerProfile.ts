import type { LayerTime } from "./graphProfile.ts";
import type { TimedRequest } from "./protocol.ts";

/**
 * What a stretch of a decoder's graph computes. Attention and feed-forward each begin with the norm before them and end with
 * the sum after them; a layer without attention counts what mixes its tokens as attention.
 */
export type LayerPart = "embedding" | "attention" | "feed-forward" | "output" | "other";

/** What one part of one layer took in one run, on average. */
export interface PartTime extends LayerTime {
  readonly part: LayerPart;
  /** Of the graph, in one run. */
  readonly nodesCount: number;
}

/** A decode whose runs are single tokens, or a prefill whose runs are whole prompts. */
export interface ProfileRequest extends Omit<TimedRequest, "maximumSeconds"> {
  readonly kind: "prefill" | "decode";
  /** How often the work is done, each time beside the same work without the profile. */
  readonly roundsCount: number;
}

/** Where the time of a decoder goes. Stopped between parts, runs are slower, so that these are no figures of its speed. */
export interface LayerProfile extends ProfileRequest {
  readonly runsCount: number;
  /** Of one run, on average. */
  readonly runSeconds: number;
  /** What a run takes beside its parts. */
  readonly overheadSeconds: number;
  /** The time of a run by that of a run without the profile: the median of the rounds. */
  readonly slowdownRatio: number;
  /** In the order of the graph. */
  readonly parts: readonly PartTime[];
}

/** Nodes in a row that belong to one part of one layer. */
export type Segment = Pick<PartTime, "part" | "layerIndex" | "nodesCount">;

type Place = Pick<Segment, "part" | "layerIndex">;

const layerEnding = /-(\d+)(?: \(.*)?$/;
/** Names that say nothing of the part: llama.cpp gives them to nodes of every part, or ggml made them up. */
const silentName = /^(?:norm(?:_[wb])?(?:-\d+)?|node_\d+|leaf_\d+|\s*)(?: \(.*)?$/;
const feedForwardName = /^(?:ffn_(?!inp)|l_out)/;

/** What the name of a node says, as llama.cpp's graphs give it; null where it says nothing. */
function placeOf(name: string): Place | null {
  if (silentName.test(name)) return null;
  const layer = layerEnding.exec(name)?.[1];
  if (layer !== undefined) {
    return { part: feedForwardName.test(name) ? "feed-forward" : "attention", layerIndex: Number(layer) };
  }
  if (/^(?:result_|output)/.test(name)) return { part: "output", layerIndex: null };
  return /^(?:inp_|embd)/.test(name) ? { part: "embedding", layerIndex: null } : null;
}

const nowhere: Place = { part: "other", layerIndex: null };

/** The segments of a graph by the names of its nodes; a node whose name says nothing belongs to what follows it. */
export function segmentsOf(names: readonly string[]): Segment[] {
  const segments: Segment[] = [];
  let place = nowhere;
  for (const name of names.toReversed()) {
    place = placeOf(name) ?? place;
    const next = segments.at(-1);
    if (next?.part === place.part && next.layerIndex === place.layerIndex) {
      segments[segments.length - 1] = { ...next, nodesCount: next.nodesCount + 1 };
    } else segments.push({ ...place, nodesCount: 1 });
  }
  return segments.toReversed();
}

/** The time of each part of each layer, where several segments of a run may belong to one. */
export function partTimesOf(
  segments: readonly Segment[],
  segmentSeconds: readonly number[],
  runSeconds: number,
): PartTime[] {
  const times = new Map<string, PartTime>();
  for (const [index, { part, layerIndex, nodesCount }] of segments.entries()) {
    const key = `${layerIndex ?? ""} ${part}`;
    const before = times.get(key);
    const seconds = (before?.seconds ?? 0) + (segmentSeconds[index] ?? 0);
    const allNodesCount = (before?.nodesCount ?? 0) + nodesCount;
    times.set(key, { layerIndex, part, seconds, shareRatio: seconds / runSeconds, nodesCount: allNodesCount });
  }
  return [...times.values()];
}
