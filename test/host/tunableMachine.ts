import { readFileSync } from "node:fs";
import { join } from "node:path";
import { auditHost } from "../../sdk/host/audit.ts";
import { HostError } from "../../sdk/host/errors.ts";
import { planTuning } from "../../sdk/host/plan.ts";
import type { DesiredSettings } from "../../sdk/host/desired.ts";
import { machineRoot } from "../measure/machineRoot.ts";

const cpu = "sys/devices/system/cpu";

/** The files of a machine on which everything can be set: two nodes, four CPUs, two frequency policies. */
export const tunableFiles = {
  "etc/machine-id": "0123456789abcdef0123456789abcdef\n",
  "proc/sys/kernel/random/boot_id": "first-boot\n",
  "proc/sys/kernel/numa_balancing": "1\n",
  "proc/sys/vm/swappiness": "60\n",
  "proc/sys/vm/zone_reclaim_mode": "0\n",
  "proc/sys/vm/dirty_ratio": "20\n",
  "proc/sys/vm/dirty_bytes": "0\n",
  "proc/sys/vm/dirty_background_ratio": "0\n",
  "proc/sys/vm/dirty_background_bytes": "1048576\n",
  "proc/cmdline": "ro quiet isolcpus=managed_irq,2-3\n",
  "proc/1/comm": "systemd\n",
  "proc/812/comm": "irqbalance\n",
  "sys/kernel/mm/transparent_hugepage/enabled": "always [madvise] never\n",
  "sys/kernel/mm/transparent_hugepage/defrag": "always defer defer+madvise [madvise] never\n",
  [`${cpu}/cpufreq/policy0/scaling_governor`]: "powersave\n",
  [`${cpu}/cpufreq/policy0/scaling_available_governors`]: "performance powersave\n",
  [`${cpu}/cpufreq/policy0/energy_performance_preference`]: "balance_performance\n",
  [`${cpu}/cpufreq/policy0/energy_performance_available_preferences`]: "default performance balance_performance\n",
  [`${cpu}/cpufreq/policy2/scaling_governor`]: "performance\n",
  [`${cpu}/cpufreq/policy2/scaling_available_governors`]: "performance powersave\n",
  [`${cpu}/intel_pstate/no_turbo`]: "0\n",
  [`${cpu}/smt/control`]: "on\n",
  [`${cpu}/nohz_full`]: "  (null)\n",
  "sys/devices/system/node/node0/cpulist": "0-1\n",
  "sys/devices/system/node/node1/cpulist": "2-3\n",
};

/** A folder with this machine, some files changed. */
export const tunableRoot = (changed: Readonly<Record<string, string>> = {}): string =>
  machineRoot({ ...tunableFiles, ...changed });

/** What a file of a machine says. */
export const textAt = (root: string, path: string): string => readFileSync(join(root, path), "utf8").trim();

/** The plan for a machine below a root. */
export const plannedFor = async (root: string, desired: DesiredSettings) =>
  planTuning(desired, await auditHost({ root }));

/** The error of our own that a call ends in, as people read it, without the folder's name; empty when it ends in none. */
export async function refusalOf(call: () => unknown, root: string): Promise<string> {
  try {
    await call();
    return "";
  } catch (error) {
    return error instanceof HostError ? String(error).replaceAll(root, "<root>") : "";
  }
}
