import { basename } from "node:path";
import { readSoftware, type Run } from "../record/index.ts";
import { type Topology, topologyDigest } from "../topology/index.ts";
import type { IdentifiedModel } from "./modelFile.ts";

/** What all runs of one study share: the machine, the software, where records go. */
export interface RunContext {
  readonly study: string;
  readonly randomSeed: number;
  readonly recordsFile: string;
  readonly topologyDigest: string;
  readonly machine: Run["machine"];
  readonly software: Run["software"];
}

/** The machine as a record states it: nothing that names its owner or drifts from day to day. */
export function machineOf(topology: Topology): Run["machine"] {
  return {
    cpuModel: topology.cpuModel,
    architecture: topology.architecture,
    packagesCount: topology.packages,
    numaNodesCount: topology.numaNodes.length,
    coresCount: topology.cores,
    pusCount: topology.pus,
    memoryBytes: topology.memoryBytes,
    isVirtualMachine: topology.isVirtualMachine,
  };
}

/** The model as a record states it: its file by name and digest, no path. */
export function modelOf(model: IdentifiedModel): NonNullable<Run["model"]> {
  return {
    name: model.name,
    architecture: model.architecture,
    quant: model.quant,
    synthetic: model.synthetic,
    fileBytes: model.fileBytes,
    fileName: basename(model.path),
    fileDigest: model.fileDigest,
    parametersCount: model.parametersCount,
    bytesPerToken: model.bytesPerToken,
    kvBytesPerToken: model.kvBytesPerToken,
  };
}

/** Gathers what all runs of a study share. */
export async function readContext(
  topology: Topology,
  study: Pick<RunContext, "study" | "randomSeed" | "recordsFile">,
): Promise<RunContext> {
  return {
    ...study,
    topologyDigest: topologyDigest(topology),
    machine: machineOf(topology),
    software: await readSoftware(),
  };
}
