/** Tokens out of a model, with the time of each. */
export { EngineError, type EngineErrorCode } from "./errors.ts";
export { type Engine, type EnginePlan, type EngineSpec, planEngine, type RequestSpec, startEngine } from "./engine.ts";
export { type EngineLibraries, findEngineLibraries } from "./libraries.ts";
export { assertRuntime, readHostVersions, readNeededVersions, type RuntimeVersions } from "./libc.ts";
export type {
  DriverName,
  EngineFacts,
  EngineSetting,
  Generation,
  ThreadPlacement,
  TextRequest,
  TimedRequest,
} from "./protocol.ts";
export { type TokenTimeline, tokensPerSecondOf } from "./timeline.ts";
