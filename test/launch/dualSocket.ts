import type { Topology } from "../../sdk/topology/index.ts";
import { readTopology } from "../../sdk/topology/readTopology.ts";
import { filesOf, treeOf } from "../machines/files.ts";
import { type MachineSpec, plainSpec } from "../machines/spec.ts";

/** Two packages, a NUMA node each, two siblings a core: all first siblings are numbered before the second ones. */
export function dualSocket(coresPerPackage: number, changes: Partial<MachineSpec> = {}): Topology {
  const spec = { ...plainSpec, packagesCount: 2, coresPerCache: coresPerPackage, ...changes };
  return readTopology(treeOf(filesOf(spec)));
}
