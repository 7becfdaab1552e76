import { planLaunch } from "numalab/launch";
import { tellEngine } from "../engine.mjs";
import { tellMachine } from "../machine.mjs";

const topology = await tellMachine();
const [plan, ...others] = planLaunch({ instances: { per: "node" } }, topology).instances;
await tellEngine("engine", plan, { generates: true });
const elsewhere = { ...plan, prefix: others[2].prefix };
await tellEngine("wrong engine", plan, { startedBy: elsewhere });
