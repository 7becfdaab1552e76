import { intersectCpus, type Topology } from "../topology/index.ts";
import { memoryNodesOf } from "./nodes.ts";

/** What would let memory be bound here, by why the system calls were refused. */
export function bindingAdviceOf(refusal: string, topology: Topology, userId = process.getuid?.()): string {
  const confine = `confine it to one node (${confinementOf(topology)}), which needs no permission inside`;
  if (refusal.endsWith("EPERM")) {
    return userId === 0
      ? `In a container, add the capability: docker run --cap-add=SYS_NICE, in Kubernetes securityContext.capabilities.add: [SYS_NICE]. Or ${confine}.`
      : `In a container, --cap-add=SYS_NICE takes effect for root only: start it with --user 0 --cap-add=SYS_NICE, or ${confine}.`;
  }
  if (refusal.endsWith("ENOSYS")) return `This kernel or sandbox has no memory policies. In a container, ${confine}.`;
  return "Install numactl: apt-get install numactl.";
}

/** The words that confine a container to the first node that has memory for it. */
function confinementOf(topology: Topology): string {
  const [node = 0] = memoryNodesOf(topology);
  const ofNode = topology.numaNodes.find(({ osIndex }) => osIndex === node)?.cpus ?? "";
  const cpus = intersectCpus(ofNode, topology.allowedCpuset);
  return [...(cpus === "" ? [] : [`--cpuset-cpus=${cpus}`]), `--cpuset-mems=${node}`].join(" ");
}
