import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Warning } from "../errors.ts";
import { RecordError, systemErrorOf } from "./errors.ts";
import { faultWarningsOf, type LineFault } from "./fault.ts";
import type { Run } from "./run.ts";

/** Runs read from disk, and what was found amiss while reading. */
export interface Records {
  /** Each id once, in the order in which they started. */
  readonly runs: readonly Run[];
  readonly warnings: readonly Warning[];
}

/**
 * The runs of a records file, or of all `.jsonl` files below a folder. Lines that hold no run of this schema are left
 * out and told as warnings: `torn-line`, `future-schema`, `invalid-line`; so are `repeated-id` and `no-records`.
 * @throws {RecordError} `no-such-records` when nothing is there; `not-readable`
 */
export async function readRuns(path: string): Promise<Records> {
  try {
    const files = await recordsFilesAt(path);
    const read = [];
    for (const file of files) read.push(await readFileRuns(file));
    const all = read.flatMap(({ runs }) => runs).sort((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt));
    const runs = distinctOf(all);
    const warnings = read.flatMap((one) => one.warnings);
    return {
      runs,
      warnings: [...warnings, ...emptyWarnings(path, files), ...repeatWarnings(all.length - runs.length)],
    };
  } catch (error) {
    throw readErrorOf(error, path);
  }
}

async function recordsFilesAt(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const names = await readdir(path, { recursive: true });
  const records = names.filter((name) => name.endsWith(".jsonl")).sort();
  return records.map((name) => join(path, name));
}

async function readFileRuns(file: string): Promise<{ runs: Run[]; warnings: Warning[] }> {
  const { parseLine, readLines } = await import("./line.ts");
  const runs: Run[] = [];
  const faults: LineFault[] = [];
  for await (const line of readLines(file)) {
    const { run, fault } = parseLine(line);
    if (run !== null) runs.push(run);
    if (fault !== null) faults.push(fault);
  }
  return { runs, warnings: faultWarningsOf(file, faults) };
}

function distinctOf(runs: readonly Run[]): Run[] {
  const ids = new Set<string>();
  return runs.filter(({ id }) => !ids.has(id) && ids.add(id));
}

function emptyWarnings(path: string, files: readonly string[]): Warning[] {
  if (files.length > 0) return [];
  const advice = "Name a records file, or a folder with .jsonl files somewhere below it.";
  return [{ code: "no-records", message: `${path} is a folder without any .jsonl file.`, advice }];
}

function repeatWarnings(count: number): Warning[] {
  if (count === 0) return [];
  const message = `${count} ${count === 1 ? "run repeats" : "runs repeat"} an id; the first run of each id was kept.`;
  return [{ code: "repeated-id", message, advice: "Remove copies of records files from the folder." }];
}

function readErrorOf(cause: unknown, path: string): RecordError {
  const { word, reason } = systemErrorOf(cause);
  const details = { facts: { path }, cause };
  if (word === "ENOENT") {
    const message = `There is no records file or folder at ${path}. Name one that exists, or run a study first.`;
    return new RecordError("no-such-records", message, details);
  }
  const message = `${path} could not be read: ${reason}. Name a file or folder that this user may read.`;
  return new RecordError("not-readable", message, details);
}
