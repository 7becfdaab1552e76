import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { planLaunch, probeBindingWay, startLaunch, verifyBinding, type InstancePlan } from "numalab/launch";
import { parseCpuList, probeTopology, type Topology } from "numalab/topology";
import { beforeAll, expect, test } from "vitest";

const hasTwoCpus = availableParallelism() > 1;
let topology: Topology;
let allowed: number[];
let plan: InstancePlan;
beforeAll(async () => {
  topology = await probeTopology();
  allowed = parseCpuList(topology.allowedCpuset);
  const { way } = await probeBindingWay(topology);
  [plan] = planLaunch({ cpus: String(allowed[0]), bindingWay: way }, topology).instances as [InstancePlan];
});

/** A child with memory of its own and idle threads. */
async function startChild(instance: InstancePlan) {
  const script = `globalThis.memory = Buffer.alloc(32 * 2 ** 20, 1); process.stdin.resume().on("end", () => process.exit()); console.log("ready");`;
  const launch = await startLaunch(
    { instances: [instance], warnings: [] },
    { file: process.execPath, args: ["-e", script] },
  );
  await once(launch.instances[0]!.stdout, "data");
  return { processId: launch.instances[0]!.processId, [Symbol.asyncDispose]: () => launch[Symbol.asyncDispose]() };
}

test.for(["numactl", "syscalls", "taskset"] as const)(
  "a child started by %s is bound with every thread and page",
  async (way, { skip }) => {
    skip(way === "numactl" && plan.bindingWay !== way, "this machine refuses numactl");
    const [asked] = planLaunch({ cpus: plan.cpus, bindingWay: way }, topology).instances as [InstancePlan];
    await using child = await startChild(asked);
    const report = await verifyBinding(child.processId, asked);
    expect(report).toMatchObject({ state: "bound", plannedCpus: plan.cpus, strayThreads: [] });
    expect(report.threadsCount).toBeGreaterThan(1);
    const pages = Object.values(report.anonymousPagesByNode).reduce((sum, count) => sum + count, 0);
    if (report.reason === null) expect(pages).toBeGreaterThan(8192);
  },
);

test("a parent that bound its child by system calls may run where it could before", async () => {
  const [asked] = planLaunch({ cpus: plan.cpus, bindingWay: "syscalls" }, topology).instances as [InstancePlan];
  const own = (await verifyBinding(process.pid, asked)).strayThreads.length;
  const launch = startLaunch({ instances: [asked], warnings: [] }, { file: "true", args: [] });
  await (
    await launch
  ).instances[0]!.exited;
  expect((await verifyBinding(process.pid, asked)).strayThreads).toHaveLength(own);
});

test.skipIf(!hasTwoCpus)("a child started without its prefix is not bound (needs two CPUs)", async () => {
  await using child = await startChild({ ...plan, prefix: [] });
  const report = await verifyBinding(child.processId, plan);
  expect(report).toMatchObject({ state: "not", strayThreads: { length: report.threadsCount } });
});

test.skipIf(!hasTwoCpus)("a child of which one thread has moved is partly bound (needs two CPUs)", async () => {
  await using child = await startChild(plan);
  const moved = Number(readdirSync(`/proc/${child.processId}/task`).at(-1));
  execFileSync("taskset", ["-p", "-c", String(allowed[1]), String(moved)]);
  expect(await verifyBinding(child.processId, plan)).toMatchObject({
    state: "partly",
    strayThreads: [{ threadId: moved, cpus: String(allowed[1]) }],
  });
});

test("a process that is gone cannot be verified", async () => {
  expect(await verifyBinding(2 ** 22 + 1, plan)).toMatchObject({
    state: "unverifiable",
    threadsCount: 0,
    reason: "The process is gone.",
  });
});
