import { join } from "node:path";
import { namesIn, textOf } from "./kernelFiles.ts";
import { parseProcessUsage, type ProcessUsage } from "./processUsage.ts";

/** A process of an instance. */
export interface Member extends ProcessUsage {
  readonly processId: number;
}

/** The processes of each instance, by the process that leads it. */
export type MembersByLeader = ReadonlyMap<number, readonly Member[]>;

/**
 * A reader of which processes belong to instances, by the processes that lead them: whatever they have started that has
 * not left their session. It remembers which processes are of no instance, so that each is looked at once only.
 */
export function openMembership(procFolder = "/proc"): (leaders: readonly number[]) => MembersByLeader {
  let strangers = new Set<number>();
  let knownLeaders: ReadonlySet<number> = new Set();
  return (leaders) => {
    // A stranger of the last time may be of an instance that was not listed then.
    if (leaders.some((leader) => !knownLeaders.has(leader))) strangers.clear();
    knownLeaders = new Set(leaders);
    const members = new Map<number, Member[]>(leaders.map((leader) => [leader, []]));
    const processIds = namesIn(procFolder).map(Number).filter(Number.isInteger);
    strangers = new Set(processIds.filter((processId) => strangers.has(processId)));
    for (const processId of processIds.filter((candidate) => !strangers.has(candidate))) {
      const stat = textOf(join(procFolder, String(processId), "stat"));
      if (stat === null) continue;
      const usage = parseProcessUsage(stat);
      const own = members.get(processId) ?? members.get(usage.groupId) ?? members.get(usage.sessionId);
      if (own === undefined) strangers.add(processId);
      else own.push({ processId, ...usage });
    }
    return members;
  };
}
