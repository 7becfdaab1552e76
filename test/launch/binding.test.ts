import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { verifyBinding } from "../../sdk/launch/index.ts";
import type { InstancePlan } from "../../sdk/launch/index.ts";

let proc = "";
beforeEach(() => {
  proc = mkdtempSync(join(tmpdir(), "proc-"));
});
afterEach(() => {
  rmSync(proc, { recursive: true });
});

const plan: InstancePlan = {
  instanceIndex: 0,
  cpus: "8-11",
  memoryNodes: "2",
  memoryPolicy: "bind",
  threadsCount: 4,
  bindingWay: "numactl",
  prefix: ["numactl", "--all", "-C", "8-11", "-m", "2"],
};

interface RecordedProcess {
  /** The allowed CPUs of each thread. */
  readonly threads: readonly string[];
  readonly nodes?: string;
  /** Anonymous pages by node; null when there is no numa_maps. */
  readonly pages: Readonly<Record<string, number>> | null;
  /** Pages of mapped weights by node. */
  readonly filePages?: Readonly<Record<string, number>>;
}

const countsOf = (pages: Readonly<Record<string, number>>) =>
  Object.entries(pages)
    .map(([node, count]) => `N${node}=${count}`)
    .join(" ");

async function verdictOn(recorded: RecordedProcess, changes: Partial<InstancePlan> = {}) {
  const { threads, nodes = "0-3", pages, filePages = {} } = recorded;
  const folder = join(proc, "100");
  threads.forEach((cpus, index) => {
    const task = join(folder, "task", String(100 + index));
    mkdirSync(task, { recursive: true });
    const memory = nodes === "" ? "" : `Mems_allowed:\t00000000,0000000f\nMems_allowed_list:\t${nodes}\n`;
    writeFileSync(
      join(task, "status"),
      `Name:\tnode ${index}\nCpus_allowed:\tf00\nCpus_allowed_list:\t${cpus}\n${memory}`,
    );
  });
  if (pages !== null)
    writeFileSync(
      join(folder, "numa_maps"),
      `7f0000000000 bind:2 anon=1 dirty=1 ${countsOf(pages)} kernelpagesize_kB=4
7f1000000000 bind:2 file=/models/m.gguf mapped=1 ${countsOf(filePages)} kernelpagesize_kB=4\n`,
    );
  return verifyBinding(100, { ...plan, ...changes }, proc);
}

test("a process is bound when every thread and page is where it was planned", async () => {
  expect(await verdictOn({ threads: ["8-11", "8"], pages: { "2": 14191 } })).toEqual({
    state: "bound",
    plannedCpus: "8-11",
    plannedMemoryNodes: "2",
    threadsCount: 2,
    strayThreads: [],
    anonymousPagesByNode: { "2": 14191 },
    threadMigrationsCount: null,
    pageMigrationsCount: null,
    localPagesRatio: 1,
    reason: null,
  });
});

test("migrations of all threads are summed where the kernel counts them", async () => {
  const recorded = { threads: ["8-11", "8"], pages: { "2": 10 } };
  await verdictOn(recorded);
  const sched = (count: number) => `node (1, #threads: 2)\nse.nr_migrations : ${count}\nnuma_pages_migrated : 7\n`;
  for (const [index, count] of [3, 4].entries())
    writeFileSync(join(proc, "100/task", String(100 + index), "sched"), sched(count));
  expect(await verdictOn(recorded)).toMatchObject({ threadMigrationsCount: 7, pageMigrationsCount: 14 });
});

test("several processes are judged together", async () => {
  await verdictOn({ threads: ["8-11", "8"], pages: { "2": 10 } });
  mkdirSync(join(proc, "200/task/200"), { recursive: true });
  writeFileSync(join(proc, "200/task/200/status"), "Name:\tchild\nCpus_allowed_list:\t0-15\nMems_allowed_list:\t0-3\n");
  writeFileSync(join(proc, "200/numa_maps"), "7f0000000000 default anon=10 N0=10 kernelpagesize_kB=4\n");
  expect(await verifyBinding([100, 200], plan, proc)).toMatchObject({
    state: "partly",
    threadsCount: 3,
    strayThreads: [{ threadId: 200 }],
    anonymousPagesByNode: { "0": 10, "2": 10 },
  });
});

test("one thread that may leave makes it partly bound, and is named", async () => {
  expect(await verdictOn({ threads: ["8-11", "0-15"], pages: { "2": 10 } })).toMatchObject({
    state: "partly",
    strayThreads: [{ threadId: 101, name: "node 1", cpus: "0-15" }],
  });
});

test("a process is not bound when every thread may leave, wherever its pages happen to lie", async () => {
  expect(await verdictOn({ threads: ["0-15", "0-15"], pages: { "2": 10 } })).toMatchObject({ state: "not" });
});

test("pages on other nodes make it partly bound, a few strays do not", async () => {
  expect(await verdictOn({ threads: ["8-11"], pages: { "0": 20, "2": 80 } })).toMatchObject({
    state: "partly",
    localPagesRatio: 0.8,
  });
  expect(await verdictOn({ threads: ["8-11"], pages: { "0": 5, "2": 995 } })).toMatchObject({
    state: "bound",
    localPagesRatio: 0.995,
  });
});

test("pages of mapped weights are told, and make it partly bound where they lie elsewhere", async () => {
  expect(await verdictOn({ threads: ["8-11"], pages: { "2": 10 }, filePages: { "2": 100_000 } })).toMatchObject({
    state: "bound",
    filePagesByNode: { "2": 100_000 },
    reason:
      "391 MiB of mapped files are not bound, but lie where whoever read them first put them: 100 % on the planned nodes.",
  });
  expect(
    await verdictOn({ threads: ["8-11"], pages: { "2": 10 }, filePages: { "0": 75_000, "2": 25_000 } }),
  ).toMatchObject({
    state: "partly",
    localPagesRatio: 1,
    reason: expect.stringContaining("25 % on the planned nodes") as unknown,
  });
});

test("interleaved pages may lie on any planned node", async () => {
  const interleaved = { memoryNodes: "0,2-3", memoryPolicy: "interleave" } as const;
  expect(await verdictOn({ threads: ["8-11"], pages: { "0": 50, "3": 50 } }, interleaved)).toMatchObject({
    state: "bound",
  });
});

test("where no memory was planned the threads alone decide", async () => {
  const unplanned = { memoryNodes: null, memoryPolicy: "first-touch" } as const;
  expect(await verdictOn({ threads: ["8-11"], pages: { "0": 50 } }, unplanned)).toMatchObject({
    state: "bound",
    localPagesRatio: null,
    anonymousPagesByNode: { "0": 50 },
  });
});

test("unknown pages cannot be verified on several nodes, and are local on one", async () => {
  expect(await verdictOn({ threads: ["8-11"], pages: null })).toMatchObject({
    state: "unverifiable",
    localPagesRatio: null,
    reason:
      "The kernel does not tell the nodes of its pages: numa_maps is absent, empty or not readable for this user.",
  });
  expect(await verdictOn({ threads: ["8-11"], nodes: "0", pages: null })).toMatchObject({
    state: "bound",
    reason: "The kernel does not tell the nodes of its pages, but allows one node only, so that all memory is local.",
  });
  expect(await verdictOn({ threads: ["8-11"], nodes: "", pages: null })).toMatchObject({ state: "bound" });
});

test("a process that ends while it is read cannot be verified", async () => {
  const recorded = { threads: ["8-11"], nodes: "2", pages: null };
  await verdictOn(recorded);
  writeFileSync(join(proc, "100/statm"), "0 0 0 0 0 0 0\n");
  expect(await verdictOn(recorded)).toMatchObject({ state: "unverifiable", reason: "The process is gone." });
});

test("a process that is gone cannot be verified", async () => {
  expect(await verifyBinding(101, plan, proc)).toMatchObject({
    state: "unverifiable",
    threadsCount: 0,
    reason: "The process is gone.",
  });
});
