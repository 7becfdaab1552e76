import { countCpus, intersectCpus, parseCpuList, usableCpusOf, type Topology } from "../topology/index.ts";
import { counted, formatQuantity } from "../units/index.ts";
import { engineFitOf, hasFlag } from "./engineBuild.ts";
import type { Finding } from "./finding.ts";

/** Builds without 256-bit integer arithmetic, on which quantized weights are read at a fraction of the speed. */
const slowBuilds = ["x64", "sse42", "sandybridge", "ivybridge", "piledriver", "armv8.0_1"];

function engineFindings({ architecture, isaFlags, isVirtualMachine }: Topology): Finding[] {
  if (architecture === null) return [];
  const fit = engineFitOf(architecture, isaFlags);
  const remedy = isVirtualMachine
    ? "let the hypervisor pass the host's CPU through (QEMU: -cpu host, libvirt: host-passthrough)"
    : "none on this CPU: take a newer one";
  if (fit === null) {
    const found = `the engine has no build for ${architecture}`;
    const meaning = "models cannot be run here with the engine that is installed";
    return [{ code: "no-engine-build", severity: "problem", found, meaning, remedy: "use linux-x64 or linux-arm64" }];
  }
  const { build, better } = fit;
  const next = better.at(-1);
  const isSlow = slowBuilds.includes(build.name);
  const lacks = next === undefined ? "" : `; for ${next.name} the CPU lacks ${next.missingFlags.join(", ")}`;
  return [
    {
      code: isSlow ? "slow-engine-build" : "engine-build",
      severity: isSlow ? "advice" : "note",
      found: `the engine runs its build ${build.name}${lacks}`,
      meaning: isSlow
        ? "integer products of quantized weights take several instructions, and prefill may be bound by them"
        : "this is what the CPU's instructions allow",
      remedy: isSlow ? remedy : "none is needed",
    },
  ];
}

/** CPUs that have the first flag have the others too, unless a hypervisor hides them. */
const implied: readonly (readonly [flag: string, others: readonly string[]])[] = [
  ["avx2", ["fma", "f16c", "bmi2"]],
  ["avx512_vbmi2", ["avx512_vnni", "avx512vl", "avx512bw"]],
  ["avx512_fp16", ["amx_tile", "amx_int8", "amx_bf16"]],
];

function hypervisorFindings(topology: Topology, product: string | null): Finding[] {
  const { isVirtualMachine, isaFlags, smtWidth, pus } = topology;
  if (!isVirtualMachine) return [];
  const hidden = implied.flatMap(([flag, others]) =>
    hasFlag(isaFlags, flag) ? others.filter((other) => !hasFlag(isaFlags, other)) : [],
  );
  const findings: Finding[] = [
    {
      code: "virtual-machine",
      severity: "note",
      found: `a virtual machine${product === null ? "" : ` (${product})`}`,
      meaning: "neighbours, the host's clock and hidden nodes disturb figures; they are this slice's, not the CPU's",
      remedy: "measure at several times of day, or on the bare machine",
    },
  ];
  if (hidden.length > 0) {
    findings.push({
      code: "masked-features",
      severity: "advice",
      found: `the hypervisor hides ${hidden.join(", ")}`,
      meaning: "the engine takes a slower build than the CPU could run",
      remedy: "let the hypervisor pass the host's CPU through (QEMU: -cpu host, libvirt: host-passthrough)",
    });
  }
  if (smtWidth === 1 && pus > 1) {
    findings.push({
      code: "smt-hidden",
      severity: "note",
      found: `${pus} CPUs with one thread a core`,
      meaning: "two of them may be siblings of one core that the hypervisor does not show",
      remedy: "time one thread, then two: much less than twice the speed tells siblings",
    });
  }
  return findings;
}

/** More cores than this in one node are worth dividing, where the firmware can. */
const wideNodeCores = 32;

function nodeFindings({ numaNodes, packages, cores, isVirtualMachine }: Topology): Finding[] {
  const withCpus = numaNodes.filter(({ cpus }) => cpus !== "").length;
  const perPackage = withCpus / Math.max(packages, 1);
  const told = (finding: Omit<Finding, "found">): Finding[] => {
    const found = `${counted(withCpus, "NUMA node")} with CPUs in ${counted(packages, "package")}`;
    return [{ ...finding, found }];
  };
  if (packages > 1 && withCpus === 1) {
    const remedy = isVirtualMachine
      ? "let the hypervisor show its nodes (libvirt: <numa> with <numatune>)"
      : "turn off node interleaving in the firmware's setup";
    const meaning = "memory of the packages is mixed or hidden, so that no process can be kept near its memory";
    return told({ code: "nodes-hidden", severity: "advice", meaning, remedy });
  }
  if (perPackage > 1) {
    const meaning =
      "sub-NUMA clustering (SNC) or NPS is on: one instance a node reads nearest, one over a package crosses";
    return told({ code: "sub-numa", severity: "note", meaning, remedy: "start one instance on each node" });
  }
  if (isVirtualMachine || cores / Math.max(packages, 1) < wideNodeCores) return [];
  const meaning = "one node a package: several instances on it share all channels and take longer ways to some";
  const remedy = "for several instances a package try SNC (Intel) or NPS2/NPS4 (AMD) in the firmware's setup";
  return told({ code: "wide-nodes", severity: "note", meaning, remedy });
}

function limitFindings(topology: Topology): Finding[] {
  const { limits, cpuset, allowedCpuset } = topology;
  const usableCount = countCpus(usableCpusOf(topology));
  const findings: Finding[] = [];
  if (limits.cpuQuotaCpus !== null && limits.cpuQuotaCpus < usableCount) {
    findings.push({
      code: "cpu-quota",
      severity: "advice",
      found: `the control group allows the time of ${formatQuantity(limits.cpuQuotaCpus, "")} CPUs on ${counted(usableCount, "CPU")}`,
      meaning: "more threads than that are all stopped for the rest of each period",
      remedy: `use ${counted(Math.max(1, Math.floor(limits.cpuQuotaCpus)), "thread")}, or ask for whole CPUs (cpuset) instead of a quota`,
    });
  }
  if (countCpus(allowedCpuset) < countCpus(cpuset)) {
    findings.push({
      code: "cpus-confined",
      severity: "note",
      found: `this process may use CPUs ${allowedCpuset} of ${cpuset}`,
      meaning: "the rest of the machine is for others",
      remedy: "allow it more CPUs if that is not meant",
    });
  }
  return findings;
}

function isolationFindings({ isolatedCpus, allowedCpuset }: Topology): Finding[] {
  const isolated = intersectCpus(isolatedCpus, allowedCpuset);
  if (parseCpuList(isolated).length === 0) return [];
  const found = `CPUs ${isolated} are isolated from the scheduler`;
  const meaning = "threads come there only by binding each one; a program left to itself does not use them";
  return [
    { code: "isolated-cpus", severity: "note", found, meaning, remedy: "bind to them on purpose, or leave them out" },
  ];
}

/** The share of CPU time that the hypervisor gave to others since the start, which is worth telling, and which is grave. */
const [tellingSteal, graveSteal] = [0.01, 0.05];

function stealFindings(stealRatio: number | null): Finding[] {
  if (stealRatio === null || stealRatio < tellingSteal) return [];
  const found = `${formatQuantity(stealRatio, "stealRatio")} of the CPU time since the start went to other guests`;
  const meaning =
    "a barrier of all threads waits for the one whose CPU was taken, so the loss is larger than the share";
  const severity = stealRatio >= graveSteal ? "problem" : "advice";
  return [{ code: "steal", severity, found, meaning, remedy: "ask for dedicated CPUs, or use one thread fewer" }];
}

/** What the kernel says of the machine beside its topology; null where it says nothing. */
export interface MachineFacts {
  /** Maker and product, as the firmware names them. */
  readonly product: string | null;
  readonly stealRatio: number | null;
}

/** What the CPUs, their nodes and their limits mean for inference. */
export function cpuFindings(topology: Topology, { product, stealRatio }: MachineFacts): Finding[] {
  return [
    ...engineFindings(topology),
    ...hypervisorFindings(topology, product),
    ...nodeFindings(topology),
    ...limitFindings(topology),
    ...isolationFindings(topology),
    ...stealFindings(stealRatio),
  ];
}
