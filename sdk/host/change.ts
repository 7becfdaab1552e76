import { HostError } from "./errors.ts";
import { errorWordOf, readText, writeText } from "./files.ts";
import { programSettingOf, shownPath } from "./programSetting.ts";
import { writableOf } from "./setting.ts";

/**
 * What a setting says now in the form in which it can be written back; null where it cannot be read. Programs tell of this
 * machine only.
 */
export async function readWritable(root: string, path: string): Promise<string | null> {
  const setting = programSettingOf(path);
  if (setting !== null) return root === "/" ? (await setting.read()).value : null;
  const { value } = readText(root, path);
  return value === null ? null : writableOf(path, value);
}

/** What the kernel's word means where people would not guess it. */
const explainedWord = (path: string, word: string) =>
  word === "EIO" && path.startsWith("proc/irq/") ? "EIO: its driver keeps this interrupt where it is" : word;

/** Why a setting took no write; null when it did. */
async function write(root: string, path: string, text: string): Promise<string | null> {
  const setting = programSettingOf(path);
  if (setting !== null) return await setting.write(text);
  try {
    writeText(root, path, text);
    return null;
  } catch (error) {
    return `the kernel refused "${text}" in /${path} (${explainedWord(path, errorWordOf(error))})`;
  }
}

/** Writes a setting and reads it back; why it does not hold what was written, or null when it does. */
export async function writeVerified(root: string, path: string, text: string): Promise<string | null> {
  const refusal = await write(root, path, text);
  if (refusal !== null) return refusal;
  const now = await readWritable(root, path);
  const found = `${shownPath(path)} says "${now ?? "nothing"}" after "${text}" was written`;
  return now === writableOf(path, text) ? null : found;
}

/**
 * Refuses to change this machine without the rights; a recorded machine is anybody's.
 * @throws {HostError} `not-root`
 */
export function assertRoot(root: string, what: string): void {
  if (root !== "/" || process.getuid?.() === 0) return;
  const userId = process.getuid?.() ?? null;
  const message = `${what} was asked by user ${userId ?? "unknown"}; the kernel lets only root (user 0) do it. Run the same command with sudo.`;
  throw new HostError("not-root", message, { facts: { userId } });
}

/**
 * Refuses to change a host that nobody agreed to change.
 * @throws {HostError} `not-confirmed`
 */
export function assertConfirmed(isConfirmed: boolean, what: string): void {
  if (isConfirmed) return;
  const message = `${what} changes this host for every program on it and was not confirmed. Read what it would do, then pass confirm: true (--yes).`;
  throw new HostError("not-confirmed", message);
}
