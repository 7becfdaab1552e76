import { baseScaleOf, unitOf, type Scale } from "./unit.ts";

const acronyms = new Set(["cpu", "gpu", "id", "isa", "itl", "kv", "l3", "numa", "pu", "smt", "sqnr", "tpot", "ttft"]);

/** `localPages` gives `Local pages`, `ttft` gives `TTFT`. */
function wordsOf(name: string): string {
  const words = name.split(/(?=[A-Z])/).map((word) => word.toLowerCase());
  const text = words.map((word) => (acronyms.has(word) ? word.toUpperCase() : word)).join(" ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/**
 * The heading of an axis or a column, with the unit its numbers are in: `decodeTokensPerSecond` gives `Decode (tokens/s)`.
 * Numbers are in base units unless `scale` says what they were divided by.
 */
export function labelOf(name: string, scale: Scale = baseScaleOf(unitOf(name))): string {
  const stem = name.slice(0, name.length - (unitOf(name)?.length ?? 0));
  if (stem === "") return wordsOf(name);
  return scale.symbol === "" ? wordsOf(stem) : `${wordsOf(stem)} (${scale.symbol})`;
}
