import { createHash } from "node:crypto";
import { readText } from "./files.ts";

/** Which host this is, and which start of it. */
export interface HostIdentity {
  /** A digest of the machine id, which itself is not to be passed on; of the host's name where it has none. */
  readonly hostId: string;
  /** Different after every start; null where the kernel tells none. */
  readonly bootId: string | null;
}

/**
 * Which host lies below a root, and which start of it.
 * @see https://www.freedesktop.org/software/systemd/man/latest/machine-id.html
 */
export function readIdentity(root: string): HostIdentity {
  const name = readText(root, "etc/machine-id").value || readText(root, "proc/sys/kernel/hostname").value || "unnamed";
  return {
    hostId: createHash("sha256").update(`numalab host ${name}`).digest("hex").slice(0, 32),
    bootId: readText(root, "proc/sys/kernel/random/boot_id").value,
  };
}
