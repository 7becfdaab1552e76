import { comparePaired } from "../stats/index.ts";
import { type Bandwidth, bandwidthNear } from "./bandwidth.ts";
import { readBytesPerTokenOf } from "./bytesPerToken.ts";
import type { Run } from "./run.ts";
import type { SweepRow } from "./sweepRow.ts";
import { summarizeThroughput, throughputOf } from "./throughput.ts";

/** A run of a model. */
export type ModelRun = Run & { readonly model: NonNullable<Run["model"]> };

/** The bandwidth beside a run: measured nearest in time, else what the run itself says. */
function bandwidthBeside(run: Run, all: readonly Run[]): Bandwidth | null {
  const { bandwidthBytesPerSecond: stated } = run.ceilings;
  const near = bandwidthNear(run, all);
  if (near !== null || stated === null) return near;
  return { bytesPerSecond: stated, lowBytesPerSecond: stated, highBytesPerSecond: stated };
}

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

/** What decodes read beside what memory gave: bytes over bandwidth is the share, and so is speed over ceiling. */
export function rooflineOf(decodes: readonly ModelRun[], all: readonly Run[]): Roofline {
  const [run] = decodes;
  const { estimate, low, high } = summarizeThroughput(decodes);
  if (run === undefined || estimate === null) return unknownRoofline;
  const bytesPerToken = readBytesPerTokenOf(run.model, run.spec);
  const decodeBytesPerSecond = estimate * bytesPerToken;
  const pairs = decodes.flatMap((decode) => {
    const [rate, bandwidth] = [throughputOf(decode), bandwidthBeside(decode, all)];
    return rate === null || bandwidth === null ? [] : [{ bytesPerSecond: rate * bytesPerToken, bandwidth }];
  });
  if (pairs.length === 0) return { ...unknownRoofline, decodeBytesPerSecond };
  const read = pairs.map(({ bytesPerSecond }) => bytesPerSecond);
  const { ratio } = comparePaired(
    read,
    pairs.map(({ bandwidth }) => bandwidth.bytesPerSecond),
  );
  const bandwidthLow = Math.min(...pairs.map(({ bandwidth }) => bandwidth.lowBytesPerSecond));
  const bandwidthHigh = Math.max(...pairs.map(({ bandwidth }) => bandwidth.highBytesPerSecond));
  return {
    decodeBytesPerSecond,
    bandwidthBytesPerSecond: decodeBytesPerSecond / ratio,
    bandwidthLowBytesPerSecond: bandwidthLow,
    bandwidthHighBytesPerSecond: bandwidthHigh,
    ceilingTokensPerSecond: estimate / ratio,
    decodeRooflineRatio: ratio,
    decodeRooflineLowRatio: low === null ? null : (low * bytesPerToken) / bandwidthHigh,
    decodeRooflineHighRatio: high === null ? null : (high * bytesPerToken) / bandwidthLow,
  };
}
