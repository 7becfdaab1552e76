import { planLaunch } from "numalab/launch";
import { tellEngine } from "../engine.mjs";
import { outputOf, tellMachine } from "../machine.mjs";
import { tellProofs } from "../proof.mjs";
import { tell } from "../tell.mjs";
import { tellWrongs } from "../wrongBindings.mjs";

const topology = await tellMachine();
const planOf = (instances) => planLaunch({ instances }, topology);
await tellProofs("per node", planOf({ per: "node" }));
await tellProofs("per package", planOf({ per: "package", acrossNodes: true }));

const program = ["--ready-line", "ready", "--", process.execPath, "allocate.mjs", "16", "10"];
tell("launched", outputOf("launch", "--per-node", "1", "--json", ...program));

// The other node of the same package: the mistake that a socket count makes.
const { instances } = planOf({ per: "node" });
await tellWrongs(instances[2], topology.numaNodes[3], ["with memory of another node", "on the CPUs of another node"]);
await tellEngine("engine", instances[1]);
const elsewhere = { ...instances[1], prefix: ["numactl", "--all", "-C", instances[1].cpus, "-m", "0"] };
await tellEngine("wrong engine", instances[1], { startedBy: elsewhere });
