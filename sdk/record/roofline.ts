import { summarizeRates } from "../stats/index.ts";
import type { Ceiling, Place } from "./bandwidth.ts";
import { readBytesPerTokenOf } from "./bytesPerToken.ts";
import type { Run } from "./run.ts";
import type { SweepRow } from "./sweepRow.ts";
import { summarizeThroughput } from "./throughput.ts";

/** A run of a model. */
export type ModelRun = Run & { readonly model: NonNullable<Run["model"]> };

/** Whether a run timed a model. */
export const isTimed = (run: Run): run is ModelRun => run.kind !== "bandwidth" && run.model !== null;

type Roofline = Pick<
  SweepRow,
  | "decodeBytesPerSecond"
  | "bandwidthBytesPerSecond"
  | "bandwidthLowBytesPerSecond"
  | "bandwidthHighBytesPerSecond"
  | "ceilingTokensPerSecond"
  | "decodeRooflineRatio"
  | "decodeRooflineLowRatio"
  | "decodeRooflineHighRatio"
>;

const unknownRoofline: Roofline = {
  decodeBytesPerSecond: null,
  bandwidthBytesPerSecond: null,
  bandwidthLowBytesPerSecond: null,
  bandwidthHighBytesPerSecond: null,
  ceilingTokensPerSecond: null,
  decodeRooflineRatio: null,
  decodeRooflineLowRatio: null,
  decodeRooflineHighRatio: null,
};

/** What decodes read beside the ceilings of their studies and bindings, usually one: bytes over bandwidth is the share. */
export function rooflineOf(decodes: readonly ModelRun[], ceilingOf: (place: Place) => Ceiling | null): Roofline {
  const [run] = decodes;
  const { estimate, low, high } = summarizeThroughput(decodes);
  if (run === undefined || estimate === null) return unknownRoofline;
  const bytesPerToken = readBytesPerTokenOf(run.model, run.spec);
  const decodeBytesPerSecond = estimate * bytesPerToken;
  const ceilings = [...new Set(decodes.flatMap((decode) => ceilingOf(decode) ?? []))];
  if (ceilings.length === 0) return { ...unknownRoofline, decodeBytesPerSecond };
  const bandwidth = summarizeRates(ceilings.map(({ bytesPerSecond }) => bytesPerSecond)).estimate;
  const bandwidthLow = Math.min(...ceilings.map(({ lowBytesPerSecond }) => lowBytesPerSecond));
  const bandwidthHigh = Math.max(...ceilings.map(({ highBytesPerSecond }) => highBytesPerSecond));
  return {
    decodeBytesPerSecond,
    bandwidthBytesPerSecond: bandwidth,
    bandwidthLowBytesPerSecond: bandwidthLow,
    bandwidthHighBytesPerSecond: bandwidthHigh,
    ceilingTokensPerSecond: bandwidth / bytesPerToken,
    decodeRooflineRatio: decodeBytesPerSecond / bandwidth,
    decodeRooflineLowRatio: low === null ? null : (low * bytesPerToken) / bandwidthHigh,
    decodeRooflineHighRatio: high === null ? null : (high * bytesPerToken) / bandwidthLow,
  };
}
