import type { CpuList } from "../topology/index.ts";
import { assertConfirmed, assertRoot, readWritable, writeVerified } from "./change.ts";
import { HostError } from "./errors.ts";
import { readText } from "./files.ts";
import { readIdentity } from "./identity.ts";
import { readJournal, writeJournal, type JournalEntry } from "./journal.ts";
import { doneAlone } from "./lock.ts";
import { shownPath } from "./programSetting.ts";
import { isSettingPath } from "./setting.ts";
import type { TuningPlan } from "./tuning.ts";

/** What applying a plan needs to know. */
export interface ApplyOptions {
  /** Where the journal is kept, from which every change can be undone. */
  readonly journalFolder: string;
  /** That whoever answers for this host agreed. */
  readonly confirm: boolean;
  /** Called after each setting. */
  readonly onProgress?: (change: AppliedChange) => void;
}

/** One setting that was to be written, and whether it holds what was wanted. */
export interface AppliedChange {
  /** A file relative to the root, or what a program sets, as `ethtool:eth0/gro`. */
  readonly path: string;
  /** Null where it could not be read, and was not written. */
  readonly before: string | null;
  readonly after: string;
  /** Why it was left as it was; null when it was written and read back. */
  readonly refusal: string | null;
  /** Of an interrupt, the CPUs that the kernel sends it to after all this; null for others, and where it does not tell. */
  readonly effectiveCpus: CpuList | null;
}

/** What was changed twice in one start of the host keeps what it said at first: that is what undoing has to bring back. */
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

type Intent = Pick<AppliedChange, "path" | "before" | "after">;

/** The settings that do not say what a plan wants of them. */
async function intentsOf({ root, steps }: TuningPlan): Promise<Intent[]> {
  const wanted = steps.flatMap(({ path, text }) => (path === null || text === null ? [] : [{ path, after: text }]));
  const stranger = wanted.find(({ path }) => !isSettingPath(path));
  if (stranger !== undefined) {
    const message = `The plan wants to write /${stranger.path}, which is no file of a setting. Apply plans as planTuning made them.`;
    throw new HostError("bad-settings", message, { facts: { path: stranger.path } });
  }
  const intents = await Promise.all(
    wanted.map(async (one) => ({ ...one, before: await readWritable(root, one.path) })),
  );
  return intents.filter(({ before, after }) => before !== after);
}

function readEffectiveCpus(root: string, path: string): CpuList | null {
  const file = path.replace(/smp_affinity_list$/, "effective_affinity_list");
  return file === path ? null : readText(root, file).value;
}

/** Writes what is wanted; what then says anything else gets back what it said. */
async function change(root: string, intent: Intent): Promise<AppliedChange> {
  const { path, before, after } = intent;
  if (before === null) return { ...intent, refusal: `${shownPath(path)} cannot be read any more`, effectiveCpus: null };
  const refusal = await writeVerified(root, path, after);
  if (refusal !== null && (await readWritable(root, path)) !== before) await writeVerified(root, path, before);
  return { ...intent, refusal, effectiveCpus: readEffectiveCpus(root, path) };
}

async function apply(plan: TuningPlan, { journalFolder, onProgress }: ApplyOptions): Promise<AppliedChange[]> {
  const { root } = plan;
  const { hostId, bootId } = readIdentity(root);
  const journal = await readJournal(journalFolder, root);
  const intents = await intentsOf(plan);
  const writtenAt = new Date().toISOString();
  const entries = intents.flatMap(({ path, before, after }): JournalEntry[] =>
    before === null ? [] : [{ path, before, written: [after], bootId, writtenAt }],
  );
  if (entries.length > 0) {
    await writeJournal(journalFolder, { hostId, entries: merged(journal?.entries ?? [], entries) });
  }
  const changes: AppliedChange[] = [];
  for (const intent of intents) {
    const applied = await change(root, intent);
    onProgress?.(applied);
    changes.push(applied);
  }
  return changes;
}

/**
 * Writes every step of a plan that can be written, after what the settings said lies flushed in the journal; each is read back.
 * @throws {HostError} `not-confirmed`, `not-root`, `host-busy`, `bad-settings`, `journal-damaged`, `journal-of-another-host`,
 * `journal-not-writable`, all before anything is changed
 */
export async function applyTuning(plan: TuningPlan, options: ApplyOptions): Promise<readonly AppliedChange[]> {
  assertConfirmed(options.confirm, "Applying a plan");
  assertRoot(plan.root, "Applying a plan");
  return await doneAlone(plan.root, () => apply(plan, options));
}
