import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { assertConfirmed, assertRoot } from "./change.ts";
import { HostError } from "./errors.ts";
import { errorWordOf, readText, writeText } from "./files.ts";

/** What emptying the page cache needs to know. */
export interface DropSpec {
  /** Where /proc lies: "/" unless a recorded machine is written. */
  readonly root?: string;
  /** That whoever answers for this host agreed: every program reads from disk again. */
  readonly confirm: boolean;
}

/** The page cache before and after. */
export interface DroppedCaches {
  readonly cachedBytesBefore: number | null;
  readonly cachedBytesAfter: number | null;
}

const file = "proc/sys/vm/drop_caches";

function readCachedBytes(root: string): number | null {
  const [, kibibytes] = /^Cached:\s+(\d+) kB/m.exec(readText(root, "proc/meminfo").value ?? "") ?? [];
  return kibibytes === undefined ? null : Number(kibibytes) * 1024;
}

/**
 * Empties the page cache and the caches of names, so that the next run reads its model from disk, and tells how much went.
 * Dirty pages are written first: only clean ones can be dropped.
 * @throws {HostError} `not-confirmed`, `not-root`, `setting-refused`
 * @see https://docs.kernel.org/admin-guide/sysctl/vm.html#drop-caches
 */
export function dropCaches({ root: stated = "/", confirm }: DropSpec): DroppedCaches {
  const root = resolve(stated);
  assertConfirmed(confirm, "Dropping the page cache");
  assertRoot(root, "Dropping the page cache");
  const cachedBytesBefore = readCachedBytes(root);
  try {
    if (root === "/") execFileSync("sync");
    writeText(root, file, "3");
  } catch (cause) {
    const message = `/${file} took no write (${errorWordOf(cause)}); needed is a kernel that lets root empty its caches. In a container ask the host to do it.`;
    throw new HostError("setting-refused", message, { cause });
  }
  return { cachedBytesBefore, cachedBytesAfter: readCachedBytes(root) };
}
