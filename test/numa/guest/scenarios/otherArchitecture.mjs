import { planLaunch, probeBindingWay } from "numalab/launch";
import { tellEngine } from "../engine.mjs";
import { tellMachine } from "../machine.mjs";
import { proofOf, tellProofs } from "../proof.mjs";
import { tell } from "../tell.mjs";
import { tellWrongs } from "../wrongBindings.mjs";

const topology = await tellMachine();
tell("bindingProbe", await probeBindingWay(topology));
const plan = planLaunch({ instances: { per: "node" } }, topology);
await tellProofs("per node", plan);
const [bySyscalls] = planLaunch({ nodeIndex: 1, bindingWay: "syscalls" }, topology).instances;
tell("way syscalls", await proofOf(bySyscalls));
await tellWrongs(plan.instances[1], topology.numaNodes[0]);
await tellEngine("engine", plan.instances[1]);
