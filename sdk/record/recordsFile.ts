import { mkdir, open, type FileHandle } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { RecordError, systemErrorOf } from "./errors.ts";
import { fileNameOf } from "./identity.ts";
import type { Run } from "./run.ts";

/** The file `<folder>/<study>/<writer>.jsonl`: one for each writing process, so that no two ever share one. */
export function recordsFile(folder: string, study: string, writer = `${hostname()}-${process.pid}`): string {
  return join(folder, fileNameOf(study), `${fileNameOf(writer)}.jsonl`);
}

/**
 * Resolves when the run lies on disk as one line at the end of the file, written by one write and flushed.
 * A line that an earlier crash cut off is closed first, so that it spoils no other.
 * @throws {RecordError} `invalid-run` before anything is written; `disk-full` with the runs before this one intact;
 * `not-writable`
 */
export async function appendRun(file: string, run: Run): Promise<void> {
  const line = `${JSON.stringify(await validRunOf(run))}\n`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await using handle = await open(file, "a+");
    const isTorn = await endsTorn(handle);
    await writeWhole(handle, Buffer.from(isTorn ? `\n${line}` : line));
    await handle.sync();
  } catch (error) {
    throw writeErrorOf(error, { file, neededBytes: Buffer.byteLength(line) });
  }
}

async function validRunOf(value: unknown): Promise<Run> {
  const { parseRun } = await import("./run.ts");
  const { run, problem } = parseRun(value);
  if (run !== null) return run;
  const message = `The run is not as schema run/1 needs it: ${problem}. Nothing was written: mend the run, then append it.`;
  throw new RecordError("invalid-run", message, { facts: { problem } });
}

async function endsTorn(handle: FileHandle): Promise<boolean> {
  const { size } = await handle.stat();
  if (size === 0) return false;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer.toString() !== "\n";
}

/** A disk that fills up takes the first part of a write: that part is taken back. */
async function writeWhole(handle: FileHandle, bytes: Buffer): Promise<void> {
  const { bytesWritten } = await handle.write(bytes);
  if (bytesWritten === bytes.length) return;
  const { size } = await handle.stat();
  await handle.truncate(size - bytesWritten);
  throw Object.assign(new Error(`${bytesWritten} of ${bytes.length} bytes were written`), { code: "ENOSPC" });
}

function writeErrorOf(cause: unknown, facts: { file: string; neededBytes: number }): RecordError {
  const { word, reason } = systemErrorOf(cause);
  const { file, neededBytes } = facts;
  if (word === "ENOSPC" || word === "EDQUOT") {
    const message = `The disk has no room for the ${neededBytes} bytes of a run in ${file}: ${reason}. The runs before it are whole: free some space or record elsewhere, then append it again.`;
    return new RecordError("disk-full", message, { facts, cause });
  }
  const message = `A run of ${neededBytes} bytes could not be written to ${file}: ${reason}. Record in a folder that this user may write to.`;
  return new RecordError("not-writable", message, { facts, cause });
}
