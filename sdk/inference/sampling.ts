import { EngineError } from "./errors.ts";

/** How the next token is chosen. */
export interface Sampling {
  /** Default 0: always the most probable token, and nothing else of this has an effect. */
  readonly temperature: number;
  /** Only so many of the most probable tokens; default 0 for all. */
  readonly topK: number;
  /** Only the most probable tokens that have this share of the probability together; default 1 for all. */
  readonly topP: number;
  /** Only tokens with this share of the most probable one's probability; default 0 for all. */
  readonly minP: number;
  /** The same seed chooses the same tokens; default 0. */
  readonly randomSeed: number;
}

const greedy: Sampling = { temperature: 0, topK: 0, topP: 1, minP: 0, randomSeed: 0 };

const rules: Readonly<Record<keyof Sampling, readonly [(value: number) => boolean, string]>> = {
  temperature: [(value) => value >= 0 && value < Infinity, "at least 0"],
  topK: [(value) => Number.isInteger(value) && value >= 0, "a whole number of at least 0"],
  topP: [(value) => value > 0 && value <= 1, "above 0 and at most 1"],
  minP: [(value) => value >= 0 && value <= 1, "at least 0 and at most 1"],
  randomSeed: [(value) => value >>> 0 === value, "a whole number from 0 to 4294967295"],
};

/**
 * The sampling with every choice made.
 * @throws {EngineError} `invalid-request`
 */
export function planSampling(spec: Partial<Sampling> = {}): Sampling {
  const sampling = { ...greedy, ...spec };
  for (const name of Object.keys(rules) as (keyof Sampling)[]) {
    const [holds, needed] = rules[name];
    const found = sampling[name];
    if (typeof found === "number" && holds(found)) continue;
    const message = `sampling.${name} is ${String(found)}; needed ${needed}. Pass such.`;
    throw new EngineError("invalid-request", message, { facts: { [name]: found } });
  }
  return sampling;
}
