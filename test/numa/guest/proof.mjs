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

/**
 * Starts a program that allocates memory as planned, or as `startedBy` says instead, lets something happen to it, and reads
 * back how it is bound.
 */
export async function proofOf(plan, { startedBy = plan, spoil = async () => {}, mebibytes = 32 } = {}) {
  const program = { file: process.execPath, args: ["allocate.mjs", String(mebibytes)] };
  const launch = await startLaunch({ instances: [startedBy], warnings: [] }, program);
  const [instance] = launch.instances;
  const allocated = () => once(instance.stdout, "data");
  try {
    await allocated();
    await spoil(instance, allocated);
    return await reportOf(instance.processId, plan);
  } finally {
    await launch.stop();
  }
}

/** Says what each instance of a plan gets: under the name, and with its index. */
export async function tellProofs(name, { instances, warnings }) {
  tell(name, { instances, warnings });
  for (const [index, plan] of instances.entries()) tell(`${name} ${index}`, await proofOf(plan));
}
