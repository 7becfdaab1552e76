import { guard } from "./guardian.ts";

/** A process and all that it starts. */
export interface ProcessGroup {
  /** Sends a signal to each of its processes. */
  signal(name: "SIGTERM" | "SIGKILL"): void;
  /** Kills what is left of it. Nothing is signalled from then on, because its number may be given to others. */
  close(): void;
}

/** The group of a process that leads one; it does not outlive this process. */
export function openProcessGroup(leaderId: number): ProcessGroup {
  const release = guard(leaderId);
  let isOpen = true;
  const signal: ProcessGroup["signal"] = (name) => {
    try {
      if (isOpen) process.kill(-leaderId, name);
    } catch {
      // Nobody is left in it.
    }
  };
  const close = (): void => {
    signal("SIGKILL");
    isOpen = false;
    release();
  };
  return { signal, close };
}
