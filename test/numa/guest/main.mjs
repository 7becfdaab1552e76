// What runs inside an emulated machine: the scenario that the kernel's command line names. Facts leave as lines of JSON.
import { readFileSync } from "node:fs";
import { tell } from "./tell.mjs";

const [, name] = /\bscenario=(\w+)/.exec(readFileSync("/proc/cmdline", "utf8"));
try {
  await import(`./scenarios/${name}.mjs`);
  tell("finished", process.uptime());
} catch (error) {
  tell("error", error.stack);
}
