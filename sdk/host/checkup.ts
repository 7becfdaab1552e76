import { resolve } from "node:path";
import { probeTopology, type Topology } from "../topology/index.ts";
import { auditHost } from "./audit.ts";
import { cpuFindings, type MachineFacts } from "./cpuFindings.ts";
import { readText } from "./files.ts";
import { rankedOf, type Finding } from "./finding.ts";
import { readInventory, type Inventory } from "./inventory.ts";
import { memoryNeedFindings, type MemoryNeed } from "./memoryNeed.ts";
import { readMemoryModules } from "./memoryModules.ts";
import { readMemoryState } from "./memoryState.ts";
import { errorFindings, moduleFindings } from "./moduleFindings.ts";
import { checkRequirements, type RequirementResult, type Requirements } from "./requirements.ts";
import { settingFindings } from "./settingFindings.ts";

/** What a caller may say about a checkup. */
export interface CheckupSpec {
  /** Where /proc and /sys lie: "/" unless a recorded machine is read. */
  readonly root?: string;
  /** The memory that a model needs: not judged unless told. */
  readonly need?: MemoryNeed;
  /** What the host has to have: nothing unless told. */
  readonly requirements?: Requirements;
}

/** What limits inference on a host. */
export interface Checkup {
  readonly topology: Topology;
  /** The gravest first. */
  readonly findings: readonly Finding[];
  readonly inventory: Inventory;
  readonly requirements: readonly RequirementResult[];
  /** Whether every requirement is met. */
  readonly isFit: boolean;
}

/** Of the first line of /proc/stat: time given to other guests over all time. */
function readStealRatio(root: string): number | null {
  const columns = /^cpu +(.*)$/m
    .exec(readText(root, "proc/stat").value ?? "")?.[1]
    ?.split(" ")
    .map(Number);
  // The last two columns, time of guests, are within the first two.
  const all = columns?.slice(0, 8).reduce((sum, ticks) => sum + ticks, 0) ?? 0;
  return all === 0 ? null : (columns?.[7] ?? 0) / all;
}

function readFacts(root: string): MachineFacts {
  const names = ["sys_vendor", "product_name"].map((file) => readText(root, `sys/class/dmi/id/${file}`).value ?? "");
  const product = names.filter((name) => name !== "").join(" ");
  return { product: product === "" ? null : product, stealRatio: readStealRatio(root) };
}

/**
 * What limits inference on a host, each finding with its severity and remedy, what is built in, and whether it meets its
 * requirements. What cannot be known here is a note that says why.
 * @throws {TopologyError} `unreadable-root`, `unsupported-platform`
 */
export async function checkHost(spec: CheckupSpec = {}): Promise<Checkup> {
  const root = resolve(spec.root ?? "/");
  const [topology, audit, modules, inventory] = await Promise.all([
    probeTopology(spec.root === undefined ? {} : { root }),
    auditHost({ root }),
    readMemoryModules(root),
    readInventory(root),
  ]);
  const memory = readMemoryState(root, topology);
  const requirements = await checkRequirements(spec.requirements ?? {}, topology);
  const findings = [
    ...cpuFindings(topology, readFacts(root)),
    ...moduleFindings(modules),
    ...errorFindings(audit.memoryErrors),
    ...(spec.need === undefined ? [] : memoryNeedFindings(spec.need, memory, topology.limits.memoryBytes)),
    ...settingFindings(audit, topology, memory),
  ];
  const isFit = requirements.every(({ isMet }) => isMet);
  return { topology, findings: rankedOf(findings), inventory, requirements, isFit };
}
