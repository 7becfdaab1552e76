import { join } from "node:path";
import { countCpus, parseCpuList, subtractCpus } from "../topology/index.ts";
import type { BindingReport, InstancePlan } from "./plan.ts";
import { readAnonymousPages, readThreads } from "./processStatus.ts";

/** All pages of a process bound by numactl lie on the planned nodes; a few strays change no speed. */
const localEnoughRatio = 0.99;

/**
 * Whether a running process is bound as planned, read back from /proc: the allowed CPUs of every thread, and the node of
 * every anonymous page. Neither its memory policy nor Mems_allowed proves where memory lies, so they are not asked.
 * Call it when the program has said that it is ready: before, the process may still be the tool that binds it.
 */
export async function verifyBinding(
  processId: number,
  plan: InstancePlan,
  procFolder = "/proc",
): Promise<BindingReport> {
  const folder = join(procFolder, String(processId));
  const threads = await readThreads(folder);
  const pages = await readAnonymousPages(folder);
  const strays = threads.filter(({ cpus }) => subtractCpus(cpus, plan.cpus) !== "");
  const localPagesRatio = localPagesRatioOf(pages ?? {}, plan.memoryNodes);
  const hasOneNode = countCpus(threads[0]?.nodes ?? "0") === 1;
  return {
    plannedCpus: plan.cpus,
    plannedMemoryNodes: plan.memoryNodes,
    threadsCount: threads.length,
    strayThreads: strays.map(({ threadId, name, cpus }) => ({ threadId, name, cpus })),
    anonymousPagesByNode: pages ?? {},
    localPagesRatio,
    ...verdictOf({
      threadsCount: threads.length,
      straysCount: strays.length,
      needsLocalPages: plan.memoryNodes !== null,
      hasOneNode,
      localPagesRatio,
    }),
  };
}

interface Evidence {
  readonly threadsCount: number;
  readonly straysCount: number;
  readonly needsLocalPages: boolean;
  readonly hasOneNode: boolean;
  readonly localPagesRatio: number | null;
}

function verdictOf(evidence: Evidence): Pick<BindingReport, "state" | "reason"> {
  const { threadsCount, straysCount, needsLocalPages, hasOneNode, localPagesRatio } = evidence;
  if (threadsCount === 0) return { state: "unverifiable", reason: "The process is gone." };
  if (straysCount > 0) return { state: straysCount === threadsCount ? "not" : "partly", reason: null };
  if (!needsLocalPages) return { state: "bound", reason: null };
  if (localPagesRatio !== null)
    return { state: localPagesRatio >= localEnoughRatio ? "bound" : "partly", reason: null };
  const unknown = "The kernel does not tell the nodes of its pages";
  if (hasOneNode)
    return { state: "bound", reason: `${unknown}, but allows one node only, so that all memory is local.` };
  return { state: "unverifiable", reason: `${unknown}: numa_maps is absent, empty or not readable for this user.` };
}

function localPagesRatioOf(pagesByNode: Readonly<Record<string, number>>, nodes: string | null): number | null {
  if (nodes === null) return null;
  const planned = new Set(parseCpuList(nodes).map(String));
  const entries = Object.entries(pagesByNode);
  const total = sumOf(entries);
  return total === 0 ? null : sumOf(entries.filter(([node]) => planned.has(node))) / total;
}

function sumOf(entries: readonly (readonly [string, number])[]): number {
  return entries.reduce((sum, [, pages]) => sum + pages, 0);
}
