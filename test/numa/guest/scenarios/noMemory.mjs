import { planLaunch } from "numalab/launch";
import { tellMachine } from "../machine.mjs";
import { tellProofs } from "../proof.mjs";
import { tellWrongs } from "../wrongBindings.mjs";

const topology = await tellMachine();
const plan = planLaunch({ instances: { per: "node" } }, topology);
await tellProofs("per node", plan);
await tellProofs("on the node", planLaunch({ nodeIndex: 1 }, topology));
await tellWrongs(plan.instances[1], topology.numaNodes[0], ["with memory of another node", "bound to nothing"]);
