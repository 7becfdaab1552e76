import { join } from "node:path";
import { knownSumOf } from "../stats/index.ts";
import { textOf } from "./kernelFiles.ts";
import { type Member, type MembersByLeader, openMembership } from "./membership.ts";
import { type NodeAllocations, readNodeAllocations } from "./nodeAllocations.ts";
import { type PagesByNode, pagesTogether } from "./pages.ts";
import { readMemoryPages } from "./processStatus.ts";
import { parseResidentBytes } from "./processUsage.ts";

/** Of the time between two readings of where pages lie, the most that one may take: it walks every page of a process. */
const pagesReadingRatio = 0.005;

/** What an instance has used until now: the process that leads it, and all of its session. */
export interface InstanceUsage {
  readonly processId: number;
  /** With the time of ended processes that another of the instance has waited for; null when the instance is gone. */
  readonly cpuSeconds: number | null;
  readonly threadsCount: number | null;
  /** What several of its processes share counts for each. */
  readonly residentBytes: number | null;
  /** Anonymous memory and large mapped files, in pages of 4 KiB; null where the kernel does not tell, or not yet. */
  readonly pagesByNode: Readonly<Record<string, number>> | null;
}

/** What the instances of a launch and the nodes of the machine have counted until now. */
export interface UsageSnapshot {
  readonly monotonicSeconds: number;
  readonly instances: readonly InstanceUsage[];
  readonly nodes: readonly NodeAllocations[];
}

/** Takes a snapshot of the instances that these processes lead. */
export type UsageReader = (processIds: readonly number[]) => Promise<UsageSnapshot>;

/**
 * A reader of what instances use. It remembers which processes are of no instance, so that each is looked at once only,
 * and reads where pages lie so seldom that this takes a two-hundredth of the time, however large the instances are.
 */
export function openUsageReader(root = "/"): UsageReader {
  const procFolder = join(root, "proc");
  const membersOf = openMembership(procFolder);
  const pagesOf = openPages(procFolder);
  return async (processIds) => {
    const groups = membersOf(processIds);
    const pages = await pagesOf(groups);
    return {
      monotonicSeconds: performance.now() / 1000,
      instances: processIds.map((processId) => {
        const members = groups.get(processId) ?? [];
        return {
          processId,
          cpuSeconds: knownSumOf(members.map(({ cpuSeconds }) => cpuSeconds)),
          threadsCount: knownSumOf(members.map(({ threadsCount }) => threadsCount)),
          residentBytes: knownSumOf(members.map((member) => readResidentBytes(procFolder, member))),
          pagesByNode: pages.get(processId) ?? null,
        };
      }),
      nodes: readNodeAllocations(root),
    };
  };
}

type PagesByLeader = ReadonlyMap<number, InstanceUsage["pagesByNode"]>;

/** Where the pages of each instance lie, as read now or, when it is too early to read again, as read last. */
function openPages(procFolder: string): (groups: MembersByLeader) => Promise<PagesByLeader> {
  let pages = new Map<number, InstanceUsage["pagesByNode"]>();
  let nextMilliseconds = 0;
  return async (groups) => {
    const begun = performance.now();
    if (begun < nextMilliseconds) return pages;
    pages = new Map();
    for (const [leader, members] of groups) pages.set(leader, await readPages(procFolder, members));
    nextMilliseconds = performance.now() + (performance.now() - begun) / pagesReadingRatio;
    return pages;
  };
}

async function readPages(procFolder: string, members: readonly Member[]): Promise<InstanceUsage["pagesByNode"]> {
  const pieces: PagesByNode[] = [];
  for (const { processId } of members) {
    const memory = await readMemoryPages(join(procFolder, String(processId)));
    if (memory !== null) pieces.push(memory.anonymousPagesByNode, memory.filePagesByNode);
  }
  const pagesByNode = pagesTogether(pieces);
  return Object.keys(pagesByNode).length === 0 ? null : pagesByNode;
}

function readResidentBytes(procFolder: string, { processId }: Member): number | null {
  return parseResidentBytes(textOf(join(procFolder, String(processId), "status")) ?? "");
}
