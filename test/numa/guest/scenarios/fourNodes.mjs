import { planLaunch, probeBindingWay } from "numalab/launch";
import { tellEngine } from "../engine.mjs";
import { tellMachine } from "../machine.mjs";
import { proofOf } from "../proof.mjs";
import { tellInside } from "../surroundings.mjs";
import { tell } from "../tell.mjs";
import { tellWrongs } from "../wrongBindings.mjs";

const topology = await tellMachine();
tell("bindingProbe", await probeBindingWay(topology));

const planOf = (nodeIndex, bindingWay = "numactl") => planLaunch({ nodeIndex, bindingWay }, topology).instances[0];
for (const { osIndex } of topology.numaNodes) tell(`node ${osIndex}`, await proofOf(planOf(osIndex)));
for (const way of ["syscalls", "taskset"]) tell(`way ${way}`, await proofOf(planOf(2, way)));
await tellWrongs(planOf(2), topology.numaNodes[0]);
tellInside("nested", ["numactl", "--all", "-C", "4-7", "-m", "1"]);
await tellEngine("engine", planOf(3));
