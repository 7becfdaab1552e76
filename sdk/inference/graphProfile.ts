import { EngineError } from "./errors.ts";

/** What one node of a graph took. */
export interface NodeTime {
  /** Its name in the graph that ran, where several nodes may have become one. */
  readonly name: string;
  readonly operator: string;
  /** The layer that the name speaks of; null where it speaks of none. */
  readonly layerIndex: number | null;
  /** In one run, on average. */
  readonly seconds: number;
  /** In all profiled runs. */
  readonly callsCount: number;
  /** Of the run. */
  readonly shareRatio: number;
}

/** Where the time of a graph goes. Taken apart, runs are slower, so that these are no figures of its speed. */
export interface GraphProfile {
  readonly runsCount: number;
  /** Of one run, on average. */
  readonly runSeconds: number;
  /** What a run takes beside its nodes. */
  readonly overheadSeconds: number;
  /** The longest first. */
  readonly nodes: readonly NodeTime[];
}

/** What several nodes took together. */
type GroupTime = Pick<NodeTime, "seconds" | "shareRatio">;

/** What a layer took, or with null what belongs to none. */
export interface LayerTime extends GroupTime, Pick<NodeTime, "layerIndex"> {}

/** What all nodes of one operator took. */
export interface OperatorTime extends GroupTime, Pick<NodeTime, "operator"> {
  readonly nodesCount: number;
}

/** An event of the trace that onnxruntime writes, in microseconds. */
interface TraceEvent {
  readonly cat: string;
  readonly name: string;
  readonly ts: number;
  readonly dur: number;
  readonly args?: { readonly op_name?: string };
}

const nodeEnding = "_kernel_time";

const layerWord = /(?:^|[._/])(?:layers?|blocks?|blk|h)[._/]?(\d+)(?=[._/]|$)/i;

function layerIndexOf(name: string): number | null {
  const digits = layerWord.exec(name)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** The events of nodes that are not part of another node's, such as those inside of a loop. */
function outerNodesOf(events: readonly TraceEvent[]): TraceEvent[] {
  let end = 0;
  return events.filter(({ cat, name, ts, dur }) => {
    if (cat !== "Node" || !name.endsWith(nodeEnding) || ts < end) return false;
    end = ts + dur;
    return true;
  });
}

function groupsOf<Key, Item>(items: readonly Item[], keyOf: (item: Item) => Key): [Key, Item[]][] {
  const groups = new Map<Key, Item[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return [...groups];
}

const secondsOf = (events: readonly Pick<TraceEvent, "dur">[]): number =>
  events.reduce((sum, { dur }) => sum + dur / 1e6, 0);

/**
 * Reads a profile out of a trace of onnxruntime, without the first `warmupCount` runs.
 * @throws {EngineError} `invalid-request` when there are no runs after those
 * @see https://onnxruntime.ai/docs/performance/tune-performance/profiling-tools.html
 */
export function parseProfile(trace: string, warmupCount: number): GraphProfile {
  const events = (JSON.parse(trace) as TraceEvent[]).toSorted((first, second) => first.ts - second.ts);
  const runs = events.filter(({ name }) => name === "model_run").slice(warmupCount);
  const [first] = runs;
  if (first === undefined) throw new EngineError("invalid-request", "The trace has no run. Profile one run at least.");
  const nodes = outerNodesOf(events.filter(({ ts }) => ts >= first.ts));
  const runSeconds = secondsOf(runs) / runs.length;
  const rows = groupsOf(nodes, ({ name }) => name).map(([name, calls]): NodeTime => {
    const seconds = secondsOf(calls) / runs.length;
    const node = name.slice(0, -nodeEnding.length);
    return {
      name: node,
      operator: calls[0]?.args?.op_name ?? "",
      layerIndex: layerIndexOf(node),
      seconds,
      callsCount: calls.length,
      shareRatio: seconds / runSeconds,
    };
  });
  return {
    runsCount: runs.length,
    runSeconds,
    overheadSeconds: runSeconds - secondsOf(nodes) / runs.length,
    nodes: rows.toSorted((one, other) => other.seconds - one.seconds),
  };
}

const timeOf = (members: readonly GroupTime[]): GroupTime => ({
  seconds: members.reduce((sum, { seconds }) => sum + seconds, 0),
  shareRatio: members.reduce((sum, { shareRatio }) => sum + shareRatio, 0),
});

/** The time of each layer, in their order, and at last that of what belongs to none. */
export function layerTimesOf({ nodes }: { readonly nodes: readonly LayerTime[] }): LayerTime[] {
  const groups = groupsOf(nodes, ({ layerIndex }) => layerIndex);
  const placeOf = ({ layerIndex }: LayerTime): number => layerIndex ?? Infinity;
  return groups
    .map(([layerIndex, members]) => ({ layerIndex, ...timeOf(members) }))
    .toSorted((one, other) => placeOf(one) - placeOf(other));
}

/** The time of each operator, the longest first. */
export function operatorTimesOf({ nodes }: Pick<GraphProfile, "nodes">): OperatorTime[] {
  return groupsOf(nodes, ({ operator }) => operator)
    .map(([operator, members]) => ({ operator, nodesCount: members.length, ...timeOf(members) }))
    .toSorted((one, other) => other.seconds - one.seconds);
}
