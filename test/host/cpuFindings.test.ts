import { describe, expect, test } from "vitest";
import { cpuFindings, type MachineFacts } from "../../sdk/host/cpuFindings.ts";
import type { Topology } from "../../sdk/topology/index.ts";
import { regularTopology } from "./plainMachine.ts";

const unknown: MachineFacts = { product: null, stealRatio: null };
const haswell = "fpu lm sse4_2 avx f16c fma avx2 bmi2".split(" ");

function findingsOf(changed: Partial<Topology>, facts = unknown) {
  const topology = { ...regularTopology(), isaFlags: haswell };
  return cpuFindings({ ...topology, ...changed }, facts);
}

const codesOf = (changed: Partial<Topology>, facts = unknown) =>
  findingsOf(changed, facts).map(({ code, severity }) => `${severity} ${code}`);

test("a plain machine is told its engine build and nothing else", () => {
  expect(codesOf({})).toEqual(["note engine-build"]);
});

test("an old CPU is advised, an unknown architecture is a problem", () => {
  const [old] = findingsOf({ isaFlags: ["lm", "sse4_2", "avx"] });
  expect(old).toMatchObject({
    code: "slow-engine-build",
    severity: "advice",
    found: "the engine runs its build sandybridge; for ivybridge the CPU lacks f16c",
  });
  expect(codesOf({ architecture: "riscv64" })).toEqual(["problem no-engine-build"]);
  expect(codesOf({ architecture: null })).toEqual([]);
});

describe("a virtual machine", () => {
  test("is told apart, by its product where that is known", () => {
    const findings = findingsOf({ isVirtualMachine: true }, { product: "QEMU Standard PC", stealRatio: null });
    expect(findings[1]).toMatchObject({ code: "virtual-machine", found: "a virtual machine (QEMU Standard PC)" });
  });

  test("that hides instructions is advised with them", () => {
    const isaFlags = [...haswell, "avx512_fp16"].filter((flag) => flag !== "fma");
    const findings = findingsOf({ isVirtualMachine: true, isaFlags });
    expect(findings.find(({ code }) => code === "masked-features")?.found).toBe(
      "the hypervisor hides fma, amx_tile, amx_int8, amx_bf16",
    );
    expect(codesOf({ isaFlags })).not.toContain("advice masked-features");
  });

  test("without threads on its cores may hide siblings", () => {
    expect(codesOf({ isVirtualMachine: true, smtWidth: 1 })).toContain("note smt-hidden");
  });
});

describe("nodes", () => {
  test("of which a package has several are told", () => {
    const topology = regularTopology({ packagesCount: 2, nodesPerPackage: 2 });
    expect(cpuFindings({ ...topology, isaFlags: haswell }, unknown)[1]).toMatchObject({
      code: "sub-numa",
      found: "4 NUMA nodes with CPUs in 2 packages",
    });
  });

  test("that are hidden from several packages are a problem", () => {
    const topology = regularTopology({ packagesCount: 2 });
    const [node] = topology.numaNodes;
    const hidden = { ...topology, isaFlags: haswell, numaNodes: [{ ...node!, cpus: topology.cpuset }] };
    expect(cpuFindings(hidden, unknown)[1]).toMatchObject({
      code: "nodes-hidden",
      severity: "advice",
      remedy: "turn off node interleaving in the firmware's setup",
    });
  });

  test("that are wide are worth dividing", () => {
    expect(codesOf({ cores: 64 })).toContain("note wide-nodes");
  });
});

test("a quota of CPU time is advice in threads", () => {
  const limits = { cgroupVersion: 2, cpuQuotaCpus: 1.5, memoryBytes: null } as const;
  expect(findingsOf({ limits }).at(-1)).toMatchObject({
    code: "cpu-quota",
    found: "the control group allows the time of 1.5 CPUs on 8 CPUs",
    remedy: "use 1 thread, or ask for whole CPUs (cpuset) instead of a quota",
  });
  expect(codesOf({ limits: { ...limits, cpuQuotaCpus: 8 } })).toEqual(["note engine-build"]);
});

test("confined and isolated CPUs are told", () => {
  expect(codesOf({ allowedCpuset: "0-3", isolatedCpus: "3,7" })).toEqual([
    "note engine-build",
    "note cpus-confined",
    "note isolated-cpus",
  ]);
});

test.each([
  [0.001, []],
  [0.02, ["advice steal"]],
  [0.2, ["problem steal"]],
])("a share of %d stolen gives %j", (stealRatio, expected) => {
  expect(codesOf({}, { product: null, stealRatio }).slice(1)).toEqual(expected);
});
