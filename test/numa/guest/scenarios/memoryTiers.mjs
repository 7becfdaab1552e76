import { planLaunch, readNodeBandwidths } from "numalab/launch";
import { tellMachine } from "../machine.mjs";
import { tellProofs } from "../proof.mjs";
import { tell } from "../tell.mjs";
import { tellWrongs } from "../wrongBindings.mjs";

const topology = await tellMachine();
const nodeBandwidths = await readNodeBandwidths(topology);
tell("bandwidths", nodeBandwidths);

await tellProofs("near", planLaunch({ instances: { per: "node" } }, topology));
const fast = planLaunch({ instances: { per: "node", bandwidthFirst: true, nodeBandwidths } }, topology);
await tellProofs("fast", fast);
await tellProofs("named", planLaunch({ instances: { per: "node", memoryNodes: "3" } }, topology));
await tellWrongs(fast.instances[0], topology.numaNodes[1], [
  "with memory of another node",
  "with memory of all nodes in turn",
  "with memory first touched elsewhere",
  "with its pages moved away after the start",
]);
