import { writeFileSync } from "node:fs";
import { LaunchError, planLaunch } from "numalab/launch";
import { tellMachine } from "../machine.mjs";
import { tellProofs } from "../proof.mjs";
import { tell } from "../tell.mjs";
import { tellWrongs } from "../wrongBindings.mjs";

for (const cpu of [3, 5]) writeFileSync(`/sys/devices/system/cpu/cpu${cpu}/online`, "0");
const topology = await tellMachine();

/** The code with which a plan is refused. */
function refusalOf(spec) {
  try {
    return planLaunch(spec, topology);
  } catch (error) {
    if (error instanceof LaunchError) return { code: error.code, message: error.message };
    throw error;
  }
}

tell("offline", refusalOf({ cpus: "2-3" }));
tell("isolated", refusalOf({ cpus: "6-7", instances: { count: 1 } }));
const plan = planLaunch({ instances: { per: "node" } }, topology);
await tellProofs("per node", plan);
await tellProofs(
  "isolated on purpose",
  planLaunch({ cpus: "6-7", instances: { count: 1, useIsolatedCpus: true } }, topology),
);
await tellWrongs(plan.instances[0], topology.numaNodes[1], [
  "on the CPUs of another node",
  "with one CPU too many",
  "with one thread moved away after the start",
]);
