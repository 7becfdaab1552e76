import { resolve } from "node:path";
import { assertRoot, readWritable, writeVerified } from "./change.ts";
import { HostError } from "./errors.ts";
import { readIdentity } from "./identity.ts";
import { doneAlone } from "./lock.ts";
import { shownPath } from "./programSetting.ts";
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
   * `restored` by us; `unchanged` when it says so already; `reset-by-reboot` when a later start did it; `set-at-start` when
   * something writes our value at every start, which is left; `changed-since` when somebody else wrote a third value, which is
   * left; `refused` with a reason, and kept in the journal.
   */
  readonly outcome: "restored" | "unchanged" | "reset-by-reboot" | "set-at-start" | "changed-since" | "refused";
  readonly refusal: string | null;
}

type Told = Pick<UndoneChange, "outcome" | "refusal">;
const told = (outcome: UndoneChange["outcome"], refusal: string | null = null): Told => ({ outcome, refusal });

async function undo(root: string, { path, before, written }: JournalEntry, found: string | null): Promise<Told> {
  if (found === null) return told("refused", `${shownPath(path)} cannot be read`);
  if (found === before) return told("unchanged");
  if (!written.includes(found)) return told("changed-since");
  const refusal = await writeVerified(root, path, before);
  return refusal === null ? told("restored") : told("refused", refusal);
}

/** What a later start has left of our change. */
const afterRestart = ({ before, written }: JournalEntry, found: string | null): Told =>
  told(found !== null && found !== before && written.includes(found) ? "set-at-start" : "reset-by-reboot");

async function undoAll(root: string, journalFolder: string): Promise<readonly UndoneChange[]> {
  const journal = await readJournal(journalFolder, root);
  if (journal === null) {
    const file = journalFile(journalFolder);
    const message = `There is no journal ${file}: nothing that was applied with this folder is left to undo. Name the folder that was used when applying.`;
    throw new HostError("no-journal", message, { facts: { file } });
  }
  const { bootId } = readIdentity(root);
  const undone: UndoneChange[] = [];
  for (const entry of journal.entries.toReversed()) {
    const { path, before } = entry;
    const found = await readWritable(root, path);
    const outcome = entry.bootId === bootId ? await undo(root, entry, found) : afterRestart(entry, found);
    undone.push({ path, before, now: await readWritable(root, path), ...outcome });
  }
  const refused = new Set(undone.flatMap(({ path, outcome }) => (outcome === "refused" ? [path] : [])));
  await writeJournal(journalFolder, {
    hostId: journal.hostId,
    entries: journal.entries.filter(({ path }) => refused.has(path)),
  });
  return undone;
}

/**
 * Brings every file of the journal back to what it said before its first change, the last change first, also after a crash in the
 * middle of applying. What the host's restart has reset is left. The journal is removed when nothing remains to be undone.
 * @throws {HostError} `no-journal`, `journal-damaged`, `journal-of-another-host`, `not-root`, `host-busy`, all before anything is changed;
 * `journal-not-writable`
 */
export async function undoTuning(options: UndoOptions): Promise<readonly UndoneChange[]> {
  const root = resolve(options.root ?? "/");
  assertRoot(root, "Undoing changes");
  return await doneAlone(root, () => undoAll(root, options.journalFolder));
}
