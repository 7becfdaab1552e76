import {
  type InstanceChange,
  type InstancePlan,
  localEnoughRatio,
  localPagesRatioOf,
  pageBytes,
  type UsageChange,
} from "../launch/index.ts";
import { formatIn, formatQuantity, type Scale, scaleOf } from "../units/index.ts";

/** One instance of a launch as it runs now. */
export interface WatchedInstance {
  readonly plan: InstancePlan;
  readonly processId: number;
}

/** What is shown of the time between two refreshes. */
export interface Watched extends UsageChange {
  /** How long the CPU quota held the control group back, on all CPUs together; null where nothing counts it. */
  readonly throttledSeconds: number | null;
}

const percent: Scale = { symbol: "%", factor: 0.01 };
const plain: Scale = { symbol: "", factor: 1 };

/** What an instance uses, and what was planned for it. */
interface Row extends InstanceChange {
  readonly plan: InstancePlan;
  readonly localRatio: number | null;
}

function rowsOf({ instances }: Watched, watched: readonly WatchedInstance[]): Row[] {
  return instances.flatMap((change) => {
    const plan = watched.find(({ processId }) => processId === change.processId)?.plan;
    const localRatio = localPagesRatioOf(change.pagesByNode, plan?.memoryNodes ?? null);
    return plan === undefined ? [] : [{ ...change, plan, localRatio }];
  });
}

/** The nodes of the machine, and any others that pages lie on. */
function nodesOf({ nodes, instances }: Watched): number[] {
  const ofPages = instances.flatMap(({ pagesByNode }) => Object.keys(pagesByNode ?? {}).map(Number));
  return [...new Set([...nodes.map(({ nodeIndex }) => nodeIndex), ...ofPages])].sort((one, other) => one - other);
}

/** The memory on a node; null where nobody knows, 0 where none of the known pages lies there. */
function bytesOn(node: number, { pagesByNode }: InstanceChange): number | null {
  return pagesByNode === null ? null : (pagesByNode[String(node)] ?? 0) * pageBytes;
}

/** A number in the scale of its column, to a hundredth. */
function cell(value: number | null, scale: Scale): string {
  if (value === null) return "–";
  return formatIn(Math.round((value / scale.factor) * 100) * 0.01 * scale.factor, scale);
}

const isAway = ({ localRatio }: Row): boolean => localRatio !== null && localRatio < localEnoughRatio;

/** The first column to the left, numbers to the right, each column at least this wide, so that the picture stands still. */
function tableOf(rows: readonly (readonly string[])[], leastWidth: number): string[] {
  const widthOf = (column: number): number => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return rows.map(([first = "", ...others]) =>
    [
      first.padEnd(widthOf(0)),
      ...others.map((text, index) => text.padStart(Math.max(leastWidth, widthOf(index + 1)))),
    ].join("  "),
  );
}

function instanceLines(rows: readonly Row[], nodes: readonly number[]): string[] {
  const largest = Math.max(0, ...rows.map(({ residentBytes }) => residentBytes ?? 0));
  const bytes = scaleOf(largest, "Bytes");
  const heading = [
    "",
    "CPU (%)",
    "threads",
    "local (%)",
    `RSS (${bytes.symbol})`,
    ...nodes.map((node) => `on N${node}`),
  ];
  const cells = rows.map((row) => [
    `[${row.plan.instanceIndex}]`,
    cell(row.busyCpusCount, percent),
    cell(row.threadsCount, plain),
    `${isAway(row) ? "! " : ""}${cell(row.localRatio, percent)}`,
    cell(row.residentBytes, bytes),
    ...nodes.map((node) => cell(bytesOn(node, row), bytes)),
  ]);
  const note = rows.some(isAway) ? ["! memory lies on other nodes than planned"] : [];
  return [...tableOf([heading, ...cells], 6), ...note];
}

function nodeLines({ nodes, elapsedSeconds, throttledSeconds }: Watched): string[] {
  const heading = [`in ${formatQuantity(elapsedSeconds, "elapsedSeconds")}`, "hits", "misses", "foreign"];
  const cells = nodes.map(({ nodeIndex, ...counts }) => [
    `node ${nodeIndex}`,
    ...[counts.hitsCount, counts.missesCount, counts.foreignCount].map((count) => cell(count, plain)),
  ]);
  const throttled = `throttled by the CPU quota: ${formatQuantity(throttledSeconds, "throttledSeconds")}`;
  return [...tableOf([heading, ...cells], 9), throttled];
}

/**
 * The picture of a refresh: an instance a line, then a node a line. Of each node it tells the machine's allocations: meant
 * for it and met (hits), met here for another (misses), met elsewhere (foreign).
 */
export function formatUsage(watched: Watched, instances: readonly WatchedInstance[]): string {
  return [...instanceLines(rowsOf(watched, instances), nodesOf(watched)), "", ...nodeLines(watched)].join("\n");
}

/** The same for a file: a line an instance and one for the machine, each beginning with `watch`. */
export function formatUsageLines(watched: Watched, instances: readonly WatchedInstance[]): string {
  const nodes = nodesOf(watched);
  const lines = rowsOf(watched, instances).map((row) => {
    const memory = nodes.map((node) => `N${node} ${formatQuantity(bytesOn(node, row), "bytes")}`);
    return [
      `watch [${row.plan.instanceIndex}] CPU ${cell(row.busyCpusCount, percent)} %`,
      `threads ${formatQuantity(row.threadsCount, "threadsCount")}`,
      `RSS ${formatQuantity(row.residentBytes, "residentBytes")}`,
      ...memory,
      `local ${formatQuantity(row.localRatio, "localRatio")}${isAway(row) ? " (memory lies on other nodes than planned)" : ""}`,
    ].join(", ");
  });
  const machine = watched.nodes.map(({ nodeIndex, hitsCount, missesCount, foreignCount }) => {
    const [hits, misses, foreign] = [hitsCount, missesCount, foreignCount].map((count) => cell(count, plain));
    return `N${nodeIndex} ${hits} hits ${misses} misses ${foreign} foreign`;
  });
  const throttled = `throttled by the CPU quota ${formatQuantity(watched.throttledSeconds, "throttledSeconds")}`;
  return [...lines, `watch ${[...machine, throttled].join(", ")}`].join("\n");
}
