import { execFile } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { CacheKind, NodeDistances, NumaNode, Topology } from "../../sdk/topology/topology.ts";

/** What hwloc says of a recorded machine, under the names that a probe uses too. */
export interface Expected extends Pick<
  Topology,
  | "packages"
  | "dies"
  | "cores"
  | "pus"
  | "smtWidth"
  | "coreList"
  | "cpuset"
  | "allowedCpuset"
  | "allowedNodeset"
  | "memoryOnlyNodes"
  | "cpuOnlyNodes"
> {
  readonly numaNodes: readonly NumaNode[];
  readonly caches: readonly CacheKind[];
  readonly distances: NodeDistances | null;
  /** The kernel's own text: hwloc shows a node without CPUs with the CPUs nearest to it. */
  readonly rawNodes: readonly { readonly osIndex: number; readonly cpulist: string | null }[];
}

/** The recorded machines of a folder: those with a tree and with what is expected of it. */
export function namesIn(folder: string): string[] {
  return readdirSync(folder).filter((name) =>
    ["root.tar.gz", "expected.json"].every((file) => existsSync(join(folder, name, file))),
  );
}

export function readExpected(folder: string, name: string): Expected {
  return JSON.parse(readFileSync(join(folder, name, "expected.json"), "utf8")) as Expected;
}

/** Unpacks the trees of machines, each into a folder of its name below a new one, which is the caller's to remove. */
export async function unpackAll(folder: string, names: readonly string[]): Promise<string> {
  const unpacked = await mkdtemp(join(tmpdir(), "numalab-recorded-"));
  const unpackOne = async (name: string) => {
    await mkdir(join(unpacked, name));
    await promisify(execFile)("tar", ["-xzf", join(folder, name, "root.tar.gz"), "-C", join(unpacked, name)]);
  };
  await Promise.all(names.map(unpackOne));
  return unpacked;
}

/** The fields of a probe or of hwloc's answer that have to agree. */
export function agreedFieldsOf(machine: Topology | Expected): Record<string, unknown> {
  const { packages, dies, cores, pus, smtWidth, coreList, memoryOnlyNodes, cpuOnlyNodes, distances } = machine;
  const rawNodes = "rawNodes" in machine ? machine.rawNodes : [];
  const cpusOf = ({ osIndex, cpus }: NumaNode) => {
    const raw = rawNodes.find((node) => node.osIndex === osIndex);
    return raw === undefined ? cpus : (raw.cpulist ?? "");
  };
  return {
    ...{ packages, dies, cores, pus, smtWidth, coreList, memoryOnlyNodes, cpuOnlyNodes },
    numaNodes: machine.numaNodes.map((node) => ({
      osIndex: node.osIndex,
      cpus: cpusOf(node),
      memoryBytes: node.memoryBytes,
    })),
    caches: machine.caches.map(({ level, type, sizeBytes, sharedBy, count }) => ({
      level,
      type,
      sizeBytes,
      sharedBy,
      count,
    })),
    distances: distances === null ? null : { nodes: distances.nodes, matrix: distances.matrix },
    cpuset: machine.cpuset,
    allowedCpuset: machine.allowedCpuset,
    allowedNodeset: machine.allowedNodeset,
  };
}
