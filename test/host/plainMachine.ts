import { readTopology } from "../../sdk/topology/readTopology.ts";
import type { Topology } from "../../sdk/topology/index.ts";
import { filesOf, treeOf } from "../machines/files.ts";
import { plainSpec, type MachineSpec } from "../machines/spec.ts";
import { machineRoot } from "../measure/machineRoot.ts";

/** A folder with a small machine of one package, some files added. */
export function smallRoot(added: Readonly<Record<string, string>> = {}): string {
  const spec = { ...plainSpec, coresPerCache: 2, threadsPerCore: 1 };
  return machineRoot({ ...Object.fromEntries(filesOf(spec)), ...added });
}

/** What a regular machine is. */
export const regularTopology = (spec: Partial<MachineSpec> = {}): Topology =>
  readTopology(treeOf(filesOf({ ...plainSpec, ...spec })));
