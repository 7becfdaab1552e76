import { counted, formatQuantity } from "../units/index.ts";
import type { Finding } from "./finding.ts";
import type { ControllerErrors } from "./memoryErrors.ts";
import type { MemoryModules, MemorySlot } from "./memorySlot.ts";
import type { Reading } from "./reading.ts";

const speedText = (transfers: number | null) => formatQuantity(transfers, "transfersPerSecond");
const isFilled = ({ sizeBytes }: MemorySlot) => sizeBytes !== null;

function channelFindings(slots: readonly MemorySlot[]): Finding[] {
  const channels = new Map<string | null, MemorySlot[]>();
  for (const slot of slots) channels.set(slot.channel, [...(channels.get(slot.channel) ?? []), slot]);
  const filled = slots.filter(isFilled).length;
  if (channels.has(null)) {
    if (filled === slots.length) return [];
    const found = `${filled} of ${counted(slots.length, "memory slot")} are filled; the board's names do not tell which channel each is on`;
    const meaning = "every channel without a module is bandwidth that decoding does not get";
    const remedy = "compare with the board's manual: one module of the same kind in every channel first";
    return [{ code: "empty-slots", severity: "note", found, meaning, remedy }];
  }
  const empty = [...channels].filter(([, members]) => !members.some(isFilled));
  if (empty.length === 0) return [];
  const used = channels.size - empty.length;
  const places = empty.map(([, members]) => members[0]?.locator ?? "").join(", ");
  return [
    {
      code: "empty-channels",
      severity: "problem",
      found: `${empty.length} of ${counted(channels.size, "memory channel")} have no module`,
      meaning: `decoding is bound by memory, and the machine gives at most ${used}/${channels.size} of its bandwidth`,
      remedy: `put a module of the same kind into ${places}`,
    },
  ];
}

function speedFindings(slots: readonly MemorySlot[]): Finding[] {
  const filled = slots.filter(isFilled);
  const slow = filled.find(
    ({ ratedTransfersPerSecond: rated, configuredTransfersPerSecond: now }) =>
      rated !== null && now !== null && now < rated,
  );
  const sizes = new Set(filled.map(({ sizeBytes }) => sizeBytes));
  const findings: Finding[] = [];
  if (slow !== undefined) {
    findings.push({
      code: "memory-below-rating",
      severity: "advice",
      found: `${slow.locator} is made for ${speedText(slow.ratedTransfersPerSecond)} and runs at ${speedText(slow.configuredTransfersPerSecond)}`,
      meaning: "decoding slows in proportion to memory speed",
      remedy:
        "look for the memory speed in the firmware's setup; two modules a channel or the CPU itself may forbid more",
    });
  }
  if (sizes.size > 1) {
    findings.push({
      code: "mixed-module-sizes",
      severity: "advice",
      found: `modules of ${[...sizes].map((bytes) => formatQuantity(bytes, "bytes")).join(" and ")} are mixed`,
      meaning: "addresses beyond the smaller modules are spread over fewer channels and are slower",
      remedy: "use modules of one size in all channels",
    });
  }
  return findings;
}

/** What the memory modules mean for inference. */
export function moduleFindings(modules: Reading<MemoryModules>): Finding[] {
  if (modules.reason !== null) {
    const meaning = "nobody can tell from here whether every memory channel is used and how fast it runs";
    const remedy = "run as root on the host itself, or ask whoever runs it";
    return [{ code: "modules-unknown", severity: "note", found: modules.reason, meaning, remedy }];
  }
  const { slots, hasErrorCorrection } = modules.value;
  const uncorrected: Finding = {
    code: "no-ecc",
    severity: "note",
    found: "the firmware says that memory errors are not corrected",
    meaning: "a flipped bit of a weight changes every later answer in silence",
    remedy: "test memory at times: numalab host memtest",
  };
  return [...channelFindings(slots), ...speedFindings(slots), ...(hasErrorCorrection === false ? [uncorrected] : [])];
}

/** The sum of those that are known, or null where none is. */
function sumOf(counts: readonly Reading<number>[]): number | null {
  const known = counts.flatMap(({ value }) => (value === null ? [] : [value]));
  return known.length === 0 ? null : known.reduce((sum, count) => sum + count, 0);
}

/** What the counted memory errors mean. */
export function errorFindings(errors: Reading<readonly ControllerErrors[]>): Finding[] {
  if (errors.reason !== null) {
    const meaning = "memory errors go unseen until results are wrong or the machine stops";
    const remedy =
      "on a host with ECC memory load its EDAC driver: modprobe the one of the chip set, apt install rasdaemon";
    return [{ code: "memory-errors-uncounted", severity: "note", found: errors.reason, meaning, remedy }];
  }
  const labels = errors.value
    .flatMap(({ modules }) => modules)
    .filter(({ correctedCount, uncorrectedCount }) => (correctedCount.value ?? 0) + (uncorrectedCount.value ?? 0) > 0)
    .map(({ label }) => label);
  const where = labels.length === 0 ? "the module that fails" : labels.join(", ");
  const uncorrected = sumOf(errors.value.map(({ uncorrectedCount }) => uncorrectedCount)) ?? 0;
  const corrected = sumOf(errors.value.map(({ correctedCount }) => correctedCount)) ?? 0;
  const remedy = `replace ${where}; test it before: numalab host memtest`;
  if (uncorrected > 0) {
    const found = `${counted(uncorrected, "memory error")} since the start could not be corrected`;
    return [{ code: "uncorrected-memory-errors", severity: "problem", found, meaning: "results may be wrong", remedy }];
  }
  if (corrected === 0) return [];
  const found = `${counted(corrected, "memory error")} since the start were corrected`;
  const meaning = "a module that errs often is about to fail, and each correction takes time";
  return [{ code: "corrected-memory-errors", severity: "advice", found, meaning, remedy }];
}
