import { planLaunch, probeBindingWay } from "numalab/launch";
import { tellMachine } from "../machine.mjs";
import { proofOf } from "../proof.mjs";
import { tell } from "../tell.mjs";
import { tellWrongs } from "../wrongBindings.mjs";

const topology = await tellMachine();
tell("bindingProbe", await probeBindingWay(topology));

const planOf = (nodeIndex, bindingWay) => planLaunch({ nodeIndex, bindingWay }, topology).instances[0];
for (const { osIndex } of topology.numaNodes) tell(`node ${osIndex}`, await proofOf(planOf(osIndex, "numactl")));
for (const way of ["syscalls", "taskset", "cpuset", "none"]) tell(`way ${way}`, await proofOf(planOf(2, way)));
await tellWrongs(planOf(2, "numactl"), topology.numaNodes[0]);
