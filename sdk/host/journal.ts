import { createHash } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { HostError } from "./errors.ts";
import { errorWordOf } from "./files.ts";
import { readIdentity } from "./identity.ts";
import { problemOf } from "./problem.ts";
import { isSettingPath } from "./setting.ts";

/** What one file said before it was first changed, and what we wrote into it since. */
export interface JournalEntry {
  /** The file, relative to the root. */
  readonly path: string;
  readonly before: string;
  /** Everything that was to be written, oldest first: after a crash in the middle it may hold any of these. */
  readonly written: readonly string[];
  /** The start of the host in which it was changed; a later start has reset it. */
  readonly bootId: string | null;
  readonly writtenAt: string;
}

/** All changes of a host that are not undone, oldest first. */
export interface Journal {
  readonly hostId: string;
  readonly entries: readonly JournalEntry[];
}

/** Where a journal lies. */
export const journalFile = (folder: string): string => join(folder, "tuning.json");

const digestOf = (journal: Journal) => createHash("sha256").update(JSON.stringify(journal)).digest("hex");

async function schemaOf() {
  const { z } = await import("zod");
  const entry = z.strictObject({
    // A journal must not make root write anywhere else.
    path: z.string().refine(isSettingPath, "no file of a setting"),
    before: z.string(),
    written: z.array(z.string()).min(1),
    bootId: z.string().nullable(),
    writtenAt: z.iso.datetime(),
  });
  return z.strictObject({
    schema: z.literal("tuning/1"),
    hostId: z.string(),
    entries: z.array(entry),
    digest: z.string(),
  });
}

function damaged(file: string, problem: string): HostError {
  const message = `The journal ${file} is damaged: ${problem}; needed are the values from before the changes, whole. Nothing was changed. Restart the host, which resets every setting, then remove the file.`;
  return new HostError("journal-damaged", message, { facts: { file, problem } });
}

async function parseJournal(file: string, text: string): Promise<Journal> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw damaged(file, "it is no JSON");
  }
  const { success, data, error } = (await schemaOf()).safeParse(value);
  if (!success) throw damaged(file, problemOf(error));
  const { hostId, entries, digest } = data;
  const journal = { hostId, entries };
  if (digestOf(journal) !== digest) throw damaged(file, "its content does not fit its digest");
  return journal;
}

/**
 * The journal in a folder; null where there is none.
 * @throws {HostError} `journal-damaged`, `journal-of-another-host`
 */
export async function readJournal(folder: string, root: string): Promise<Journal | null> {
  const file = journalFile(folder);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    const word = errorWordOf(error);
    if (word === "ENOENT" || word === "ENOTDIR") return null;
    throw damaged(file, `it cannot be read (${word})`);
  }
  const journal = await parseJournal(file, text);
  const { hostId } = readIdentity(root);
  if (journal.hostId === hostId) return journal;
  const message = `The journal ${file} is of host ${journal.hostId}; this is host ${hostId}. Nothing was changed. Name a folder of this host's own, outside of homes that several hosts share.`;
  throw new HostError("journal-of-another-host", message, { facts: { file, found: journal.hostId, needed: hostId } });
}

async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, "r");
  await handle.sync();
}

/**
 * Resolves when the journal lies on disk, flushed: a crash leaves the old one or the new one, never a part. Without entries
 * there is no file.
 * @throws {HostError} `journal-not-writable`
 */
export async function writeJournal(folder: string, journal: Journal): Promise<void> {
  const file = journalFile(folder);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if (journal.entries.length === 0) await rm(file, { force: true });
    else {
      const text = JSON.stringify({ schema: "tuning/1", ...journal, digest: digestOf(journal) }, null, 2);
      await using handle = await open(`${file}.new`, "w", 0o600);
      await handle.writeFile(`${text}\n`);
      await handle.sync();
      await rename(`${file}.new`, file);
    }
    await syncFolder(folder);
  } catch (cause) {
    const message = `The journal ${file} cannot be written (${errorWordOf(cause)}); it has to be on disk before the first change. Name a folder that root may write to.`;
    throw new HostError("journal-not-writable", message, { cause, facts: { file } });
  }
}
