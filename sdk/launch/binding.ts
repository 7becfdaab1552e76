import { join } from "node:path";
import { countCpus, parseCpuList, subtractCpus } from "../topology/index.ts";
import { formatQuantity } from "../units/index.ts";
import type { BindingReport, InstancePlan } from "./plan.ts";
import { readMemoryPages, readThreads } from "./processStatus.ts";

/** All pages of a process bound by numactl lie on the planned nodes; a few strays change no speed. */
const localEnoughRatio = 0.99;

const pageBytes = 4096;

/**
 * Whether a running process is bound as planned, read back from /proc: the allowed CPUs of every thread, and the node of
 * every anonymous page and of every page of a large mapped file, of which the binding moves none that is cached already.
 * Neither its memory policy nor Mems_allowed proves where memory lies, so they are not asked.
 * Call it when the program has said that it is ready: before, the process may still be the tool that binds it.
 */
export async function verifyBinding(
  processId: number,
  plan: InstancePlan,
  procFolder = "/proc",
): Promise<BindingReport> {
  const folder = join(procFolder, String(processId));
  const threads = await readThreads(folder);
  const { anonymousPagesByNode = {}, filePagesByNode = {} } = (await readMemoryPages(folder)) ?? {};
  const strays = threads.filter(({ cpus }) => subtractCpus(cpus, plan.cpus) !== "");
  const localPagesRatio = localPagesRatioOf(anonymousPagesByNode, plan.memoryNodes);
  const hasOneNode = countCpus(threads[0]?.nodes ?? "0") === 1;
  return {
    plannedCpus: plan.cpus,
    plannedMemoryNodes: plan.memoryNodes,
    threadsCount: threads.length,
    strayThreads: strays.map(({ threadId, name, cpus }) => ({ threadId, name, cpus })),
    anonymousPagesByNode,
    ...(pagesCountOf(filePagesByNode) === 0 ? {} : { filePagesByNode }),
    localPagesRatio,
    ...verdictOf({
      threadsCount: threads.length,
      straysCount: strays.length,
      needsLocalPages: plan.memoryNodes !== null,
      hasOneNode,
      localPagesRatio,
      filePagesCount: pagesCountOf(filePagesByNode),
      localFilePagesRatio: localPagesRatioOf(filePagesByNode, plan.memoryNodes) ?? 1,
    }),
  };
}

interface Evidence {
  readonly threadsCount: number;
  readonly straysCount: number;
  readonly needsLocalPages: boolean;
  readonly hasOneNode: boolean;
  readonly localPagesRatio: number | null;
  readonly filePagesCount: number;
  readonly localFilePagesRatio: number;
}

function verdictOf(evidence: Evidence): Pick<BindingReport, "state" | "reason"> {
  const { threadsCount, straysCount, needsLocalPages, hasOneNode, localPagesRatio, localFilePagesRatio } = evidence;
  if (threadsCount === 0) return { state: "unverifiable", reason: "The process is gone." };
  if (straysCount > 0) return { state: straysCount === threadsCount ? "not" : "partly", reason: null };
  if (!needsLocalPages) return { state: "bound", reason: null };
  if (localPagesRatio !== null) {
    const isLocal = Math.min(localPagesRatio, localFilePagesRatio) >= localEnoughRatio;
    return { state: isLocal ? "bound" : "partly", reason: filesReasonOf(evidence) };
  }
  const unknown = "The kernel does not tell the nodes of its pages";
  if (hasOneNode)
    return { state: "bound", reason: `${unknown}, but allows one node only, so that all memory is local.` };
  return { state: "unverifiable", reason: `${unknown}: numa_maps is absent, empty or not readable for this user.` };
}

/** What must be known of memory that the binding did not place; null when there is none. */
function filesReasonOf({ filePagesCount, localFilePagesRatio }: Evidence): string | null {
  if (filePagesCount === 0) return null;
  const size = formatQuantity(filePagesCount * pageBytes, "fileBytes");
  const share = formatQuantity(localFilePagesRatio, "localFilePagesRatio");
  return `${size} of mapped files are not bound, but lie where whoever read them first put them: ${share} on the planned nodes.`;
}

function localPagesRatioOf(pagesByNode: Readonly<Record<string, number>>, nodes: string | null): number | null {
  if (nodes === null) return null;
  const planned = new Set(parseCpuList(nodes).map(String));
  const total = pagesCountOf(pagesByNode);
  const local = Object.fromEntries(Object.entries(pagesByNode).filter(([node]) => planned.has(node)));
  return total === 0 ? null : pagesCountOf(local) / total;
}

function pagesCountOf(pagesByNode: Readonly<Record<string, number>>): number {
  return Object.values(pagesByNode).reduce((sum, pages) => sum + pages, 0);
}
