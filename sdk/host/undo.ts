import { resolve } from "node:path";
import { assertRoot, readWritable, writeVerified } from "./change.ts";
import { HostError } from "./errors.ts";
import { readIdentity } from "./identity.ts";
import { journalFile, readJournal, writeJournal, type JournalEntry } from "./journal.ts";

/** What undoing needs to know. */
export interface UndoOptions {
  /** Where /proc and /sys lie: "/" unless a recorded machine is written. */
  readonly root?: string;
  /** Where the journal is kept. */
  readonly journalFolder: string;
}

/** What became of one file of the journal. */
export interface UndoneChange {
  readonly path: string;
  /** What it said before it was first changed. */
  readonly before: string;
  /** What it says now. */
  readonly now: string | null;
  /**
   * `restored` by us; `unchanged` when it says so already; `reset-by-reboot` when a later start did it; `changed-since` when
   * somebody else wrote a third value, which is left; `refused` with a reason, and kept in the journal.
   */
  readonly outcome: "restored" | "unchanged" | "reset-by-reboot" | "changed-since" | "refused";
  readonly refusal: string | null;
}

function undo(root: string, { path, before, written }: JournalEntry): UndoneChange {
  const found = readWritable(root, path);
  const told = (outcome: UndoneChange["outcome"], refusal: string | null = null): UndoneChange => {
    return { path, before, now: readWritable(root, path), outcome, refusal };
  };
  if (found === null) return told("refused", `/${path} cannot be read`);
  if (found === before) return told("unchanged");
  if (!written.includes(found)) return told("changed-since");
  const refusal = writeVerified(root, path, before);
  return refusal === null ? told("restored") : told("refused", refusal);
}

/**
 * Brings every file of the journal back to what it said before its first change, the last change first, also after a crash in the
 * middle of applying. What the host's restart has reset is left. The journal is removed when nothing remains to be undone.
 * @throws {HostError} `no-journal`, `journal-damaged`, `journal-of-another-host`, `not-root`, all before anything is changed;
 * `journal-not-writable`
 */
export async function undoTuning(options: UndoOptions): Promise<readonly UndoneChange[]> {
  const root = resolve(options.root ?? "/");
  const { journalFolder } = options;
  assertRoot(root, "Undoing changes");
  const journal = await readJournal(journalFolder, root);
  if (journal === null) {
    const file = journalFile(journalFolder);
    const message = `There is no journal ${file}: nothing that was applied with this folder is left to undo. Name the folder that was used when applying.`;
    throw new HostError("no-journal", message, { facts: { file } });
  }
  const { bootId } = readIdentity(root);
  const undone = journal.entries.toReversed().map((entry): UndoneChange => {
    if (entry.bootId === bootId) return undo(root, entry);
    const { path, before } = entry;
    return { path, before, now: readWritable(root, path), outcome: "reset-by-reboot", refusal: null };
  });
  const refused = new Set(undone.flatMap(({ path, outcome }) => (outcome === "refused" ? [path] : [])));
  await writeJournal(journalFolder, {
    hostId: journal.hostId,
    entries: journal.entries.filter(({ path }) => refused.has(path)),
  });
  return undone;
}
