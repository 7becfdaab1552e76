import type { Model } from "../model/index.ts";
import { readSoftware, type Run } from "../record/index.ts";
import { type Topology, topologyDigest } from "../topology/index.ts";

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

/** The model as a record states it: no path. */
export function modelOf(model: Model): NonNullable<Run["model"]> {
  const { name, architecture, quant, synthetic, fileBytes, parametersCount, bytesPerToken, kvBytesPerToken } = model;
  return { name, architecture, quant, synthetic, fileBytes, parametersCount, bytesPerToken, kvBytesPerToken };
}

/** Gathers what all runs of a study share. */
export function readContext(
  topology: Topology,
  study: Pick<RunContext, "study" | "randomSeed" | "recordsFile">,
): RunContext {
  return {
    ...study,
    topologyDigest: topologyDigest(topology),
    machine: machineOf(topology),
    software: readSoftware(),
  };
}
