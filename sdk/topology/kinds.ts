import { formatCpuList } from "./cpuList.ts";
import type { CpuTree } from "./cpus.ts";
import { cpuFolder, readCpuSet, readInteger } from "./tree.ts";
import type { CpuSet, MachineTree } from "./tree.ts";
import type { CpuKind } from "./topology.ts";

/** Two kinds are told apart where neighbouring values differ by this factor; favoured cores of one kind differ less. */
const leastRatio = 1.2;

function kindsOf(performance: CpuSet, efficiency: CpuSet): CpuKind[] {
  if (performance.length === 0 || efficiency.length === 0) return [];
  return [
    { kind: "performance", cpus: formatCpuList(performance) },
    { kind: "efficiency", cpus: formatCpuList(efficiency) },
  ];
}

function readNamedKinds(tree: MachineTree, pus: CpuSet): CpuKind[] {
  const named = (...names: string[]) => {
    const cpus = new Set(names.flatMap((name) => readCpuSet(tree, `sys/devices/${name}/cpus`) ?? []));
    return pus.filter((cpu) => cpus.has(cpu));
  };
  return kindsOf(named("cpu_core"), named("cpu_atom", "cpu_lowpower"));
}

/** The value from which a CPU counts as fast: above the widest gap. Null when the values have no gap. */
function fastFrom(values: readonly number[]): number | null {
  const ascending = [...new Set(values)].sort((a, b) => a - b);
  const steps = ascending.slice(1).map((value, index) => ({ value, ratio: value / (ascending[index] ?? value) }));
  const widest = steps.reduce((best, step) => (step.ratio > best.ratio ? step : best), { value: 0, ratio: 0 });
  return widest.ratio >= leastRatio ? widest.value : null;
}

function readRatedKinds(tree: MachineTree, { pus }: CpuTree, name: string): CpuKind[] {
  if (!tree.has(`${cpuFolder(pus[0] ?? 0)}/${name}`)) return [];
  const rated = pus.flatMap((cpu) => {
    const value = readInteger(tree, `${cpuFolder(cpu)}/${name}`);
    return value === null || value <= 0 ? [] : [{ cpu, value }];
  });
  const least = fastFrom(rated.map(({ value }) => value));
  if (least === null) return [];
  const cpusWhere = (isKept: (value: number) => boolean) =>
    rated.flatMap(({ cpu, value }) => (isKept(value) ? [cpu] : []));
  return kindsOf(
    cpusWhere((value) => value >= least),
    cpusWhere((value) => value < least),
  );
}

/**
 * The kinds of CPUs of a machine that mixes them, fast ones first; none elsewhere. The kernel's own lists are believed first,
 * then rated capacity, then the frequency and the performance that firmware states. The highest turbo frequency says nothing:
 * it differs between cores of one kind.
 */
export function readCpuKinds(tree: MachineTree, cpus: CpuTree): CpuKind[] {
  const named = readNamedKinds(tree, cpus.pus);
  if (named.length > 0) return named;
  // Only single-package machines mix kinds in ways that just frequencies tell, and reading them on a big server is slow.
  const isSingle = cpus.packages.length === 1;
  const ratings = ["cpu_capacity", ...(isSingle ? ["cpufreq/base_frequency", "acpi_cppc/highest_perf"] : [])];
  for (const name of ratings) {
    const kinds = readRatedKinds(tree, cpus, name);
    if (kinds.length > 0) return kinds;
  }
  return [];
}
