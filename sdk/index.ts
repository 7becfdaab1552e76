/**
 * The whole library on one screen: one namespace a layer, in the order of the ladder. Danfojs frames are the one
 * exception: import them from `numalab/frame`, which loads danfojs.
 */
export { NumalabError, type Warning } from "./errors.ts";
export * as units from "./units/index.ts";
export * as stats from "./stats/index.ts";
export * as catalogue from "./catalogue/index.ts";
export * as topology from "./topology/index.ts";
export * as host from "./host/index.ts";
export * as model from "./model/index.ts";
export * as onnx from "./onnx/index.ts";
export * as launch from "./launch/index.ts";
export * as inference from "./inference/index.ts";
export * as measure from "./measure/index.ts";
export * as training from "./training/index.ts";
export * as compression from "./compression/index.ts";
export * as record from "./record/index.ts";
export * as plot from "./plot/index.ts";
export * as report from "./report/index.ts";
export * as experiment from "./experiment/index.ts";
export * as study from "./study/index.ts";
