import { resolve } from "node:path";
import { parseCpuList, type CpuList } from "../topology/index.ts";
import { readDevices, type HostDevice } from "./device.ts";
import { HostError } from "./errors.ts";
import { isPresent, listNames, readText } from "./files.ts";
import { readMemoryErrors, type ControllerErrors } from "./memoryErrors.ts";
import { readNetwork, type NetworkInterface } from "./network.ts";
import { readIrqbalanceService } from "./programSetting.ts";
import { absent, found, mapped, type Reading } from "./reading.ts";
import { readSettings, type HostSetting } from "./setting.ts";

/** What the kernel was started with: these change by a boot line only. */
export interface BootSettings {
  readonly commandLine: Reading<string>;
  /** CPUs taken from the scheduler; empty for none. */
  readonly isolatedCpus: Reading<CpuList>;
  /** CPUs without a regular tick; empty for none. */
  readonly nohzFullCpus: Reading<CpuList>;
}

/** How a host is set. */
export interface HostAudit {
  /** Where it was read: "/" for this machine. */
  readonly root: string;
  readonly settings: readonly HostSetting[];
  readonly boot: BootSettings;
  readonly irqbalanceIsRunning: Reading<boolean>;
  /** `running` or `stopped`, as its service says; a reason where no manager of services can be asked. */
  readonly irqbalanceService: Reading<string>;
  /** The NUMA nodes with their CPUs: where the interrupts of a device are at home. */
  readonly nodes: readonly { readonly osIndex: number; readonly cpus: CpuList }[];
  readonly devices: readonly HostDevice[];
  readonly network: readonly NetworkInterface[];
  readonly memoryErrors: Reading<readonly ControllerErrors[]>;
}

/** What a caller may say about an audit. */
export interface AuditSpec {
  /** Where /proc and /sys lie: "/" unless a recorded machine is read. */
  readonly root?: string;
}

function isCpuList(text: string): boolean {
  try {
    parseCpuList(text);
    return true;
  } catch {
    return false;
  }
}

/** The list in sysfs; where the kernel has no such file, the one of the boot line. */
function readBootCpus(root: string, file: string, argument: string): Reading<CpuList> {
  const listed = readText(root, `sys/devices/system/cpu/${file}`);
  const line = readText(root, "proc/cmdline");
  // Kernels that know nohz_full but were started without it say "(null)".
  if (listed.value !== null) return found(isCpuList(listed.value) ? listed.value : "");
  return mapped(line, (text) => {
    const words = new RegExp(`(?:^| )${argument}=(\\S+)`).exec(text)?.[1]?.split(",") ?? [];
    return words.filter((word) => /^\d/.test(word)).join(",");
  });
}

function readBoot(root: string): BootSettings {
  return {
    commandLine: readText(root, "proc/cmdline"),
    isolatedCpus: readBootCpus(root, "isolated", "isolcpus"),
    nohzFullCpus: readBootCpus(root, "nohz_full", "nohz_full"),
  };
}

function readIrqbalance(root: string): Reading<boolean> {
  const processes = listNames(root, "proc").filter((name) => /^\d+$/.test(name));
  if (processes.length === 0) return absent("no process is listed in /proc");
  return found(processes.some((name) => readText(root, `proc/${name}/comm`).value === "irqbalance"));
}

/** One node with every CPU where the kernel knows no nodes. */
function readNodes(root: string): HostAudit["nodes"] {
  const folder = "sys/devices/system/node";
  const names = listNames(root, folder).filter((name) => /^node\d+$/.test(name));
  const nodes = names.map((name) => ({
    osIndex: Number(name.slice("node".length)),
    cpus: readText(root, `${folder}/${name}/cpulist`).value ?? "",
  }));
  return nodes.length > 0 ? nodes : [{ osIndex: 0, cpus: readText(root, "sys/devices/system/cpu/online").value ?? "" }];
}

function assertReadable(root: string): void {
  if (isPresent(root, ".")) return;
  const message = `There is no folder ${root}; needed is one with the proc/ and sys/ that were recorded of a machine. Name such a folder.`;
  throw new HostError("unreadable-root", message, { facts: { root } });
}

/**
 * How a host is set: memory and frequency settings, boot line, devices with their links and interrupts, memory errors. What it
 * lacks says why.
 * @throws {HostError} `unreadable-root`
 * @see https://docs.kernel.org/admin-guide/sysctl/vm.html and https://docs.kernel.org/admin-guide/pm/cpufreq.html
 */
export async function auditHost(spec: AuditSpec = {}): Promise<HostAudit> {
  const root = resolve(spec.root ?? "/");
  assertReadable(root);
  const devices = readDevices(root);
  return {
    root,
    settings: readSettings(root),
    boot: readBoot(root),
    irqbalanceIsRunning: readIrqbalance(root),
    irqbalanceService: root === "/" ? await readIrqbalanceService() : absent("a recorded machine runs no programs"),
    nodes: readNodes(root),
    devices,
    network: await readNetwork(root),
    memoryErrors: readMemoryErrors(root),
  };
}
