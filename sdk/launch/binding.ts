import { join } from "node:path";
import { knownSumOf } from "../stats/index.ts";
import { countCpus, subtractCpus } from "../topology/index.ts";
import { formatQuantity } from "../units/index.ts";
import { localEnoughRatio, localPagesRatioOf, pageBytes, pagesCountOf, pagesTogether } from "./pages.ts";
import type { BindingReport, InstancePlan } from "./plan.ts";
import { hasEnded, readMemoryPages, readMigrations, readThreads } from "./processStatus.ts";

/**
 * Whether a running process is bound as planned, read back from /proc: the allowed CPUs of every thread, and the node of
 * every anonymous page and of every page of a large mapped file, of which the binding moves none that is cached already.
 * Neither its memory policy nor Mems_allowed proves where memory lies, so they are not asked. Where several processes are
 * given, they are judged together: a program with those that it has started.
 * Call it when the program has said that it is ready: before, the process may still be the tool that binds it. A change of
 * its cpuset loses a binding silently, so call it again at the end.
 */
export async function verifyBinding(
  processId: number | readonly number[],
  plan: InstancePlan,
  procFolder = "/proc",
): Promise<BindingReport> {
  const folders = [processId].flat().map((id) => join(procFolder, String(id)));
  const processes = await Promise.all(folders.map(readProcess));
  const threads = processes.flatMap((process) => process.threads);
  const anonymousPagesByNode = pagesTogether(processes.map(({ pages }) => pages?.anonymousPagesByNode ?? {}));
  const filePagesByNode = pagesTogether(processes.map(({ pages }) => pages?.filePagesByNode ?? {}));
  const strays = threads.filter(({ cpus }) => subtractCpus(cpus, plan.cpus) !== "");
  const localPagesRatio = localPagesRatioOf(anonymousPagesByNode, plan.memoryNodes);
  return {
    plannedCpus: plan.cpus,
    plannedMemoryNodes: plan.memoryNodes,
    threadsCount: threads.length,
    strayThreads: strays.map(({ threadId, name, cpus }) => ({ threadId, name, cpus })),
    anonymousPagesByNode,
    ...(pagesCountOf(filePagesByNode) === 0 ? {} : { filePagesByNode }),
    threadMigrationsCount: knownSumOf(processes.map(({ migrations }) => migrations.threadMigrationsCount)),
    pageMigrationsCount: knownSumOf(processes.map(({ migrations }) => migrations.pageMigrationsCount)),
    localPagesRatio,
    ...verdictOf({
      threadsCount: threads.length,
      straysCount: strays.length,
      needsLocalPages: plan.memoryNodes !== null,
      hasOneNode: countCpus(threads[0]?.nodes ?? "0") === 1,
      localPagesRatio,
      filePagesCount: pagesCountOf(filePagesByNode),
      localFilePagesRatio: localPagesRatioOf(filePagesByNode, plan.memoryNodes) ?? 1,
    }),
  };
}

async function readProcess(folder: string) {
  const threads = readThreads(folder);
  const threadIds = threads.map(({ threadId }) => threadId);
  const migrations = readMigrations(folder, threadIds);
  const pages = await readMemoryPages(folder);
  // What ended meanwhile has given its pages back, so that nothing can be said of it.
  return { threads: hasEnded(folder) ? [] : threads, migrations, pages };
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
