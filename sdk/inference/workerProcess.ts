import { fileURLToPath } from "node:url";
import { type InstancePlan, startLaunch } from "../launch/index.ts";
import { cancelFlagVariable, createCancelFlag } from "./cancelFlag.ts";
import { type Channel, openChannel } from "./channel.ts";

/**
 * Makes malloc ask for huge pages, which a kernel that says `madvise` gives only to those who ask. A file is cached in
 * large pieces by itself.
 * @see https://www.gnu.org/software/libc/manual/html_node/Memory-Allocation-Tunables.html
 */
const hugePages = "glibc.malloc.hugetlb=1";

function workerEnvironment(): Record<string, string> {
  const { GLIBC_TUNABLES: own } = process.env;
  return { UV_THREADPOOL_SIZE: "1", GLIBC_TUNABLES: own === undefined ? hugePages : `${own}:${hugePages}` };
}

/** Starts a worker program in a process of its own, bound as planned, and opens the line to it. */
export async function startWorker<Calls>(
  program: URL,
  instance: InstancePlan,
  signal?: AbortSignal,
): Promise<Channel<Calls>> {
  const cancelFlag = createCancelFlag();
  const environment = { ...workerEnvironment(), [cancelFlagVariable]: cancelFlag.path };
  const launch = await startLaunch(
    { instances: [instance], warnings: [] },
    { file: process.execPath, args: [fileURLToPath(program)], environment },
    signal === undefined ? {} : { signal },
  );
  return openChannel<Calls>(launch, cancelFlag);
}
