import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Topology } from "../topology/index.ts";
import type { NodeBandwidths } from "./instances.ts";

const mebibyte = 2 ** 20;

/**
 * The read bandwidth of each NUMA node from the CPUs nearest to it, in bytes a second, where firmware states it (ACPI HMAT).
 * @see https://www.kernel.org/doc/html/latest/admin-guide/mm/numaperf.html
 */
export async function readNodeBandwidths({ numaNodes, root }: Topology): Promise<NodeBandwidths> {
  const read = async (osIndex: number): Promise<[number, number][]> => {
    const folder = join(root, "sys/devices/system/node", `node${osIndex}`, "access0/initiators");
    const mebibytes = Number(await readFile(join(folder, "read_bandwidth"), "utf8").catch(() => "0"));
    return mebibytes > 0 ? [[osIndex, mebibytes * mebibyte]] : [];
  };
  const found = await Promise.all(numaNodes.map(({ osIndex }) => read(osIndex)));
  return Object.fromEntries(found.flat());
}
