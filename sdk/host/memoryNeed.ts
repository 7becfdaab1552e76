import { formatQuantity } from "../units/index.ts";
import type { Finding } from "./finding.ts";
import type { MemoryState, NodeMemory } from "./memoryState.ts";

/** How much memory a model needs, and how much more has to be there. */
export interface MemoryNeed {
  /** Weights, cache and runtime of one instance. */
  readonly bytes: number;
  /** Available memory over the need: 1.5 unless told. */
  readonly leastRatio: number;
  /** Share of all memory that stays available beside the model: 0.3 unless told. */
  readonly reserveRatio: number;
}

/** What is asked for a model of so many bytes unless told otherwise. */
export const needOf = (bytes: number, told: Partial<MemoryNeed> = {}): MemoryNeed => ({
  leastRatio: 1.5,
  reserveRatio: 0.3,
  ...told,
  bytes,
});

/** Whether memory of so many bytes in all and so many available is enough. */
export function isEnough(need: MemoryNeed, memory: { totalBytes: number; availableBytes: number }): boolean {
  const { bytes, leastRatio, reserveRatio } = need;
  const { totalBytes, availableBytes } = memory;
  return availableBytes >= leastRatio * bytes && availableBytes - bytes >= reserveRatio * totalBytes;
}

const bytesText = (bytes: number) => formatQuantity(bytes, "bytes");

/** What is asked, in words. */
export function needText({ bytes, leastRatio, reserveRatio }: MemoryNeed): string {
  return `a need of ${bytesText(bytes)}, asked is ${formatQuantity(leastRatio, "")} times that with ${formatQuantity(reserveRatio, "reserveRatio")} of all memory left`;
}

const remedy = "take a smaller quantization, a shorter context or fewer instances, or free memory first";

function wholeFindings(need: MemoryNeed, memory: { totalBytes: number; availableBytes: number }): Finding[] {
  const { totalBytes, availableBytes } = memory;
  if (isEnough(need, memory)) return [];
  const found = `${bytesText(availableBytes)} of ${bytesText(totalBytes)} of memory are available; ${needText(need)}`;
  const isTooSmall = availableBytes < need.bytes;
  const meaning = isTooSmall ? "the model does not fit and will be killed or swapped" : "other work may push it out";
  return [{ code: "memory-short", severity: isTooSmall ? "problem" : "advice", found, meaning, remedy }];
}

function nodeFindings(need: MemoryNeed, nodes: readonly NodeMemory[]): Finding[] {
  const fitting = nodes.filter((node) => isEnough(need, node)).map(({ nodeIndex }) => nodeIndex);
  if (nodes.length < 2 || fitting.length === nodes.length) return [];
  const each = nodes.map((node) => `node ${node.nodeIndex} ${bytesText(node.availableBytes)}`).join(", ");
  const found = `available are ${each}; ${needText(need)}`;
  if (fitting.length === 0) {
    const meaning = "no single node holds the model, so that part of every token's reads is remote";
    return [{ code: "no-node-holds-model", severity: "advice", found, meaning, remedy }];
  }
  const meaning = `an instance fits on node ${fitting.join(" or ")}; on any other its memory spills`;
  return [{ code: "some-nodes-short", severity: "advice", found, meaning, remedy: "bind it to one of those" }];
}

/** Whether a model fits the memory as a whole and one node. `limitBytes` is what a container allows; null for no limit. */
export function memoryNeedFindings(need: MemoryNeed, state: MemoryState, limitBytes: number | null): Finding[] {
  const limit = limitBytes ?? Infinity;
  if (state.totalBytes === null || state.availableBytes === null) {
    const meaning = "nobody can tell from here whether a model fits";
    return [
      { code: "memory-unknown", severity: "note", found: "the kernel tells no available memory", meaning, remedy },
    ];
  }
  const totalBytes = Math.min(state.totalBytes, limit);
  const whole = wholeFindings(need, { totalBytes, availableBytes: Math.min(state.availableBytes, limit) });
  return whole.length > 0 ? whole : nodeFindings(need, state.nodes);
}
