import { assertConfirmed, assertRoot, readWritable, writeVerified } from "./change.ts";
import { HostError } from "./errors.ts";
import { readIdentity } from "./identity.ts";
import { readJournal, writeJournal, type JournalEntry } from "./journal.ts";
import { isSettingPath } from "./setting.ts";
import type { TuningPlan } from "./tuning.ts";

/** What applying a plan needs to know. */
export interface ApplyOptions {
  /** Where the journal is kept, from which every change can be undone. */
  readonly journalFolder: string;
  /** That whoever answers for this host agreed. */
  readonly confirm: boolean;
  /** Called after each written file. */
  readonly onProgress?: (change: AppliedChange) => void;
}

/** One file that was to be written, and whether it holds what was wanted. */
export interface AppliedChange {
  readonly path: string;
  /** Null where the file could not be read, and was not written. */
  readonly before: string | null;
  readonly after: string;
  /** Why the file was left as it was; null when it was written and read back. */
  readonly refusal: string | null;
}

/** A file changed twice in one start of the host keeps what it said at first: that is what undoing has to bring back. */
function merged(kept: readonly JournalEntry[], added: readonly JournalEntry[]): JournalEntry[] {
  const addedTo = ({ path }: JournalEntry) => added.find((entry) => entry.path === path);
  const isSame = (a: JournalEntry, b: JournalEntry | undefined) => a.path === b?.path && a.bootId === b.bootId;
  const lasting = kept.filter((entry) => addedTo(entry) === undefined || isSame(entry, addedTo(entry)));
  const joined = lasting.map((entry) => ({
    ...entry,
    written: [...entry.written, ...(addedTo(entry)?.written ?? [])],
  }));
  return [...joined, ...added.filter((entry) => !lasting.some((other) => isSame(other, entry)))];
}

type Intent = Omit<AppliedChange, "refusal">;

/** The files that do not say what a plan wants to write into them. */
function intentsOf({ root, steps }: TuningPlan): Intent[] {
  const intents = steps.flatMap(({ path, text }) =>
    path === null || text === null ? [] : [{ path, before: readWritable(root, path), after: text }],
  );
  const stranger = intents.find(({ path }) => !isSettingPath(path));
  if (stranger === undefined) return intents.filter(({ before, after }) => before !== after);
  const message = `The plan wants to write /${stranger.path}, which is no file of a setting. Apply plans as planTuning made them.`;
  throw new HostError("bad-settings", message, { facts: { path: stranger.path } });
}

/** Writes what is wanted; a file that then holds anything else gets back what it held. */
function change(root: string, intent: Intent): AppliedChange {
  const { path, before, after } = intent;
  if (before === null) return { ...intent, refusal: `/${path} cannot be read any more` };
  const refusal = writeVerified(root, path, after);
  if (refusal !== null && readWritable(root, path) !== before) writeVerified(root, path, before);
  return { ...intent, refusal };
}

/**
 * Writes every step of a plan that can be written, after what the files said lies flushed in the journal; each is read back.
 * @throws {HostError} `not-confirmed`, `not-root`, `bad-settings`, `journal-damaged`, `journal-of-another-host`,
 * `journal-not-writable`, all before anything is changed
 */
export async function applyTuning(plan: TuningPlan, options: ApplyOptions): Promise<readonly AppliedChange[]> {
  const { journalFolder, confirm, onProgress } = options;
  const { root } = plan;
  assertConfirmed(confirm, "Applying a plan");
  assertRoot(root, "Applying a plan");
  const { hostId, bootId } = readIdentity(root);
  const journal = await readJournal(journalFolder, root);
  const intents = intentsOf(plan);
  const writtenAt = new Date().toISOString();
  const entries = intents.flatMap(({ path, before, after }): JournalEntry[] =>
    before === null ? [] : [{ path, before, written: [after], bootId, writtenAt }],
  );
  if (entries.length > 0) {
    await writeJournal(journalFolder, { hostId, entries: merged(journal?.entries ?? [], entries) });
  }
  return intents.map((intent) => {
    const applied = change(root, intent);
    onProgress?.(applied);
    return applied;
  });
}
