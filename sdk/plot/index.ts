/** Plotly figures of sweeps, bandwidth and machines, and each figure in the forms a front end shows. */
export { bandwidthCurve, type BandwidthPoint } from "./bandwidthCurve.ts";
export { batchFrontier, type BatchPoint } from "./batchFrontier.ts";
export { descriptionOf, figureBundle, figureHtml, type FigureBundle } from "./bundle.ts";
export { distanceMap } from "./distanceMap.ts";
export { PlotError } from "./errors.ts";
export { displaySymbol, figureOf, type Figure } from "./figure.ts";
export { instructionSetLadder, type InstructionSetPoint } from "./instructionSetLadder.ts";
export { libraryHtml } from "./library.ts";
export type { FigureSpec, Json, Trace } from "./spec.ts";
export type { SweepRow } from "../record/index.ts";
export { lossCurve, type LossPoint } from "./lossCurve.ts";
export { paretoFront, type ParetoOptions, type TradeOffPoint } from "./paretoFront.ts";
export { recordsOf, type LooseRow, type Table } from "./table.ts";
export { threadSweep, type ThreadSweepOptions } from "./threadSweep.ts";
export { type FormTime, timeByBytes } from "./timeByBytes.ts";
export { topologyMap } from "./topologyMap.ts";
