import { expect, test } from "vitest";
import { readTopology } from "../../sdk/topology/readTopology.ts";
import { filesOf, treeOf } from "../machines/files.ts";
import { plainSpec } from "../machines/spec.ts";

const spec = { ...plainSpec, threadsPerCore: 1, coresPerCache: 6 };

/** The kinds of a machine of six CPUs with these values in a file of each. */
function kindsWith(name: string, values: readonly number[]) {
  const files = filesOf(spec);
  for (const [cpu, value] of values.entries()) files.set(`sys/devices/system/cpu/cpu${cpu}/${name}`, `${value}`);
  return readTopology(treeOf(files)).cpuKinds;
}

test("the kernel's own lists tell fast from slow CPUs", () => {
  const files = filesOf(spec).set("sys/devices/cpu_core/cpus", "0-1").set("sys/devices/cpu_atom/cpus", "2-4");
  files.set("sys/devices/cpu_lowpower/cpus", "5");
  expect(readTopology(treeOf(files)).cpuKinds).toEqual([
    { kind: "performance", cpus: "0-1" },
    { kind: "efficiency", cpus: "2-5" },
  ]);
});

test("capacities part at their widest gap, so a favoured core is not a kind of its own", () => {
  expect(kindsWith("cpu_capacity", [718, 731, 997, 997, 1017, 1024])).toEqual([
    { kind: "performance", cpus: "2-5" },
    { kind: "efficiency", cpus: "0-1" },
  ]);
});

test("base frequencies tell kinds, and cores of nearly one speed are of one kind", () => {
  expect(kindsWith("cpufreq/base_frequency", [1900, 1900, 1900, 1400, 1400, 1400])).toHaveLength(2);
  expect(kindsWith("acpi_cppc/highest_perf", [166, 176, 186, 196, 206, 216])).toEqual([]);
});

test("the highest turbo frequency tells nothing", () => {
  expect(kindsWith("cpufreq/cpuinfo_max_freq", [5000, 5000, 3900, 3900, 3900, 3900])).toEqual([]);
});
