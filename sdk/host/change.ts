import { HostError } from "./errors.ts";
import { errorWordOf, readText, writeText } from "./files.ts";
import { writableOf } from "./setting.ts";

/** What a file says now in the form in which it can be written back; null where it cannot be read. */
export function readWritable(root: string, path: string): string | null {
  const { value } = readText(root, path);
  return value === null ? null : writableOf(path, value);
}

/** Writes a file and reads it back; why it does not hold what was written, or null when it does. */
export function writeVerified(root: string, path: string, text: string): string | null {
  try {
    writeText(root, path, text);
  } catch (error) {
    return `the kernel refused "${text}" in /${path} (${errorWordOf(error)})`;
  }
  const now = readWritable(root, path);
  return now === writableOf(path, text) ? null : `/${path} says "${now ?? "nothing"}" after "${text}" was written`;
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
