import type { Ceiling } from "../record/index.ts";
import { counted, formatInterval, formatQuantity } from "../units/index.ts";

const intervalTexts: Record<Ceiling["intervalOver"], string> = {
  measurements: "the interval is over these measurements",
  passes: "the interval is over its passes, because one over measurements needs 3 of them",
};

/** Value and interval, thread count, how often it was measured, and what the interval is over. */
function ceilingText(ceiling: Ceiling): string {
  const { threadsCount, measurementsCount, lowBytesPerSecond: low, highBytesPerSecond: high } = ceiling;
  const range = low === high ? "" : ` [${formatInterval({ low, high }, "bytesPerSecond")}]`;
  const value = `${formatQuantity(ceiling.bytesPerSecond, "bytesPerSecond")}${range}`;
  if (threadsCount === null) return `${value}, as the runs state it`;
  const threads = `with ${counted(threadsCount, "thread")}`;
  const times =
    measurementsCount === 1 ? "once, before the runs" : `${measurementsCount} times in the course of the study`;
  return `${value} ${threads}, measured ${times}; ${intervalTexts[ceiling.intervalOver]}`;
}

/** The ceilings of a study in words; behind several bindings, each with its CPUs. */
export function ceilingsText(ceilings: readonly Ceiling[]): string {
  const each = ceilings.map((one) => `${ceilings.length > 1 ? `on CPUs ${one.cpus} ` : ""}${ceilingText(one)}`);
  return `The ceiling is the most that any thread count read of this memory (a WASM SIMD loop over buffers larger than the caches), not the data sheet's: ${each.join(". And ")}.`;
}
