import { guard } from "./guardian.ts";
import { openMembership } from "./membership.ts";

/** A process and all that it starts, in whatever groups of its session. */
export interface ProcessGroup {
  /** Sends a signal to each of its processes. */
  signal(name: "SIGTERM" | "SIGKILL"): void;
  /** Kills what is left of it. Nothing is signalled from then on, because its number may be given to others. */
  close(): void;
}

const openLeaders = new Set<number>();
const membersOf = openMembership();

/** The processes of a session, by the process that leads it; they do not outlive this process. */
export function openProcessGroup(leaderId: number): ProcessGroup {
  const release = guard(leaderId);
  openLeaders.add(leaderId);
  const signal: ProcessGroup["signal"] = (name) => {
    if (!openLeaders.has(leaderId)) return;
    // Shells that control jobs, and programs such as timeout, put what they start into groups of their own.
    const members = membersOf([...openLeaders]).get(leaderId) ?? [];
    for (const groupId of new Set([leaderId, ...members.map((member) => member.groupId)])) signalGroup(groupId, name);
  };
  const close = (): void => {
    signal("SIGKILL");
    openLeaders.delete(leaderId);
    release();
  };
  return { signal, close };
}

function signalGroup(groupId: number, name: NodeJS.Signals): void {
  try {
    process.kill(-groupId, name);
  } catch {
    // Nobody is left in it.
  }
}
