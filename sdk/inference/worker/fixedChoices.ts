import { EngineError } from "../errors.ts";
import { defaultSetting, type DriverName, type EngineSetting } from "../setting.ts";

/** What only the driver llama takes a word for: the others compute in a way of their own. */
const fixedChoices = [
  "engineBuild",
  "sequencesCount",
  "isCacheShared",
  "cache",
  "flashAttention",
  "batchTokensCount",
  "microBatchTokensCount",
  "pool",
] as const;

/**
 * Refuses choices that another driver than llama would not heed.
 * @throws {EngineError} `not-supported`
 */
export function assertFixedChoices(setting: EngineSetting, driver: DriverName): void {
  for (const name of fixedChoices) {
    const [found, only] = [setting, defaultSetting].map((choices) => JSON.stringify(choices[name]));
    if (found === only) continue;
    const message = `${name} is ${found ?? ""}; the driver ${driver} computes with ${only ?? ""} only. Leave it out, or use the driver llama.`;
    throw new EngineError("not-supported", message, { facts: { [name]: setting[name] } });
  }
}
