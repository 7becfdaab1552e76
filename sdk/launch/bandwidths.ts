import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Topology } from "../topology/index.ts";
import type { NodeBandwidths } from "./instances.ts";

const mebibyte = 2 ** 20;

/** The nearest CPUs, where firmware tells them apart from other devices that reach memory; else the nearest of all. */
const accessClasses = ["access1", "access0"];

/**
 * The read bandwidth of each NUMA node from what is nearest to it, in bytes a second, where firmware states it (ACPI HMAT).
 * @see https://www.kernel.org/doc/html/latest/admin-guide/mm/numaperf.html
 */
export async function readNodeBandwidths({ numaNodes, root }: Topology): Promise<NodeBandwidths> {
  const read = async (osIndex: number): Promise<[number, number][]> => {
    const folder = join(root, "sys/devices/system/node", `node${osIndex}`);
    const files = accessClasses.map((access) => join(folder, access, "initiators/read_bandwidth"));
    const texts = await Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "0")));
    const mebibytes = texts.map(Number).find((value) => value > 0);
    return mebibytes === undefined ? [] : [[osIndex, mebibytes * mebibyte]];
  };
  const found = await Promise.all(numaNodes.map(({ osIndex }) => read(osIndex)));
  return Object.fromEntries(found.flat());
}
