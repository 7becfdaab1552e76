import { digestOf } from "./digest.ts";
import type { Run } from "./run.ts";

/** What makes a run this run and no other: known before it begins, so an interrupted study skips what it finds. */
export interface RunParts extends Pick<Run, "study" | "kind" | "spec" | "plan" | "model" | "repetitionIndex"> {
  /** The digest of the machine. */
  readonly topologyDigest: string;
  /** The engine's driver and the digest of its build; null where no engine runs. */
  readonly engineDriver: string | null;
  readonly engineDigest: string | null;
}

/** The id of a run: 16 hex digits that depend on the parts alone, whatever the order of their keys. */
export function runId(parts: RunParts): string {
  return digestOf(JSON.stringify(parts, (_key, value: unknown) => withSortedKeys(value)));
}

/** The id of a study begun now: `2026-01-31T12-00-00.000Z-name`, a file name on every system and sorted by time. */
export function studyId(now: Date, name: string): string {
  return fileNameOf(`${now.toISOString()}-${name}`);
}

/** The text as one file name: all but letters, digits, `.`, `_` and `-` becomes `-`; `unnamed` when nothing is left. */
export function fileNameOf(text: string): string {
  const name = text.replaceAll(/[^\p{Letter}\p{Number}_.-]+/gu, "-").replaceAll(/^[-.]+|-+$/g, "");
  return name === "" ? "unnamed" : name;
}

function withSortedKeys(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
