import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { startLaunch, verifyBinding } from "numalab/launch";
import { tell } from "./tell.mjs";

/** The nodes of the largest piece of memory that the process wrote, and the CPUs of its threads: read apart from the package. */
function readApart(processId) {
  const pieces = readFileSync(`/proc/${processId}/numa_maps`, "utf8")
    .split("\n")
    .filter((line) => line.includes(" anon="))
    .map((line) =>
      Object.fromEntries([...line.matchAll(/ N(\d+)=(\d+)/g)].map(([, node, pages]) => [node, Number(pages)])),
    );
  const sizeOf = (pages) => Object.values(pages).reduce((sum, count) => sum + count, 0);
  const [largest] = pieces.sort((a, b) => sizeOf(b) - sizeOf(a));
  const threads = readdirSync(`/proc/${processId}/task`);
  const cpusOf = (thread) =>
    /^Cpus_allowed_list:\s*(\S*)$/m.exec(readFileSync(`/proc/${processId}/task/${thread}/status`, "utf8"))[1];
  return { largestByNode: largest, threadCpus: [...new Set(threads.map(cpusOf))] };
}

/** The plan, what the package proves of a process, and what was read apart from it. */
export async function reportOf(processId, plan) {
  return { plan, report: await verifyBinding(processId, plan), apart: readApart(processId) };
}

/** Starts a program that allocates memory in each instance, and gives them to the work, with what waits for more memory. */
async function withAllocating(instances, mebibytes, work) {
  const program = { file: process.execPath, args: ["allocate.mjs", String(mebibytes)] };
  const launch = await startLaunch({ instances, warnings: [] }, program);
  const allocated = () => Promise.all(launch.instances.map(({ stdout }) => once(stdout, "data")));
  try {
    await allocated();
    return await work(launch.instances, allocated);
  } finally {
    await launch.stop();
  }
}

/** How a program is bound that was started as planned, or as `startedBy` says instead, and to which something happened then. */
export function proofOf(plan, { startedBy = plan, spoil = async () => {}, mebibytes = 32 } = {}) {
  return withAllocating([startedBy], mebibytes, async ([instance], allocated) => {
    await spoil(instance, allocated);
    return reportOf(instance.processId, plan);
  });
}

/** Says what the instances of a plan get that run at the same time: under the name, and each with its index. */
export async function tellProofs(name, { instances, warnings }) {
  tell(name, { instances, warnings });
  await withAllocating(instances, 32, async (launched) => {
    for (const { plan, processId } of launched) tell(`${name} ${plan.instanceIndex}`, await reportOf(processId, plan));
  });
}
