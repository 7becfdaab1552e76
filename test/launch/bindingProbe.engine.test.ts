import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { planLaunch, probeBindingWay, startLaunch, type BindingProbe } from "numalab/launch";
import { probeTopology, type Topology } from "numalab/topology";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "binding-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

let topology: Topology;
beforeAll(async () => {
  topology = await probeTopology();
});

/** This machine as if it had these nodes, all of them allowed. */
function withNodes(...nodes: number[]): Topology {
  const numaNodes = nodes.map((osIndex) => ({ ...topology.numaNodes[0]!, osIndex }));
  return { ...topology, numaNodes, cpuOnlyNodes: [], allowedNodeset: nodes.join(",") };
}

/** What is found by a process that sees these tools only. */
async function probeWith(tools: Readonly<Record<string, string>>, machine: Topology): Promise<BindingProbe> {
  const path = mkdtempSync(join(folder, "path-"));
  for (const [name, content] of Object.entries(tools)) {
    if (content.startsWith("/")) symlinkSync(content, join(path, name));
    else writeFileSync(join(path, name), content, { mode: 0o755 });
  }
  const program = `
    import { probeBindingWay } from "numalab/launch";
    console.log(JSON.stringify(await probeBindingWay(JSON.parse(process.argv[1]))));`;
  const args = ["--input-type=module", "-e", program, JSON.stringify(machine)];
  const { stdout } = await execa(process.execPath, args, { cwd: root, env: { PATH: path } });
  return JSON.parse(stdout) as BindingProbe;
}

const always = { true: "/bin/true" };
const refusing = "#!/bin/sh\necho 'setting membind: Operation not permitted' >&2\nexit 1\n";

test("the way that is found here starts a program that is planned with it", async () => {
  const probe = await probeBindingWay(topology);
  expect(await probeBindingWay(topology)).toBe(probe);
  const plan = planLaunch({ bindingWay: probe.way }, topology);
  await using launch = await startLaunch(plan, { file: "true", args: [] });
  expect(await launch.instances[0]!.exited).toMatchObject({ exitCode: 0 });
});

test("without numactl the system calls that start a process bind it", async () => {
  const probe = await probeWith(always, topology);
  expect(probe).toMatchObject({ way: "syscalls", memoryBy: "syscalls", advice: null });
  expect(probe.reason).toBe("numactl is not installed. System calls of the thread that starts a process bind it here.");
});

test("where numactl is refused, its first line is quoted", async () => {
  const { reason } = await probeWith({ ...always, numactl: refusing }, topology);
  expect(reason).toContain("is refused: setting membind: Operation not permitted.");
});

/** The kernel refuses memory of nodes that are not there. */
test("where memory cannot be bound taskset is the way, unless a cpuset confines it, with advice where it stays free", async () => {
  const tools = { ...always, taskset: "/usr/bin/taskset" };
  const probe = await probeWith(tools, withNodes(100, 101));
  expect(probe).toMatchObject({ way: "taskset", memoryBy: null, advice: "Install numactl: apt-get install numactl." });
  expect(probe.reason).toContain("do not bind it: set_mempolicy: EINVAL.");
  expect(await probeWith(tools, withNodes(100))).toMatchObject({ way: "taskset", memoryBy: "cpuset", advice: null });
});

test("without any tool nothing binds but the cpuset", async () => {
  expect(await probeWith(always, withNodes(100, 101))).toMatchObject({ way: "none", memoryBy: null });
  const probe = await probeWith(always, withNodes(100));
  expect(probe).toMatchObject({ way: "cpuset", memoryBy: "cpuset" });
  expect(probe.reason).toMatch(/taskset is not installed\. Memory is confined to node 100 by the cpuset\.$/);
});
