import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { parseCpuList, probeTopology } from "numalab/topology";
import { readMachineFiles } from "./machineFiles.mjs";
import { tell } from "./tell.mjs";

const command = "node_modules/numalab/dist/sdk/cli/main.js";
const nodes = "/sys/devices/system/node";

/** What the command prints as JSON for these words. */
export function outputOf(...words) {
  return JSON.parse(execFileSync(process.execPath, [command, ...words], { encoding: "utf8" }));
}

/** The kernel's own text of each node: hwloc shows a node without CPUs with those nearest to it. */
function readRawNodes() {
  return parseCpuList(readFileSync(`${nodes}/online`, "utf8")).map((osIndex) => ({
    osIndex,
    cpulist: readFileSync(`${nodes}/node${osIndex}/cpulist`, "utf8").trim(),
    memTotalKiB: Number(/MemTotal:\s*(\d+)/.exec(readFileSync(`${nodes}/node${osIndex}/meminfo`, "utf8"))[1]),
  }));
}

/** Says what `numalab probe --json` says of this machine, and what hwloc and the kernel say; the machine as a program sees it. */
export async function tellMachine() {
  tell("probe", outputOf("probe", "--json"));
  const options = ["--no-io", "--of", "xml", "--disallowed"];
  tell("hwloc", execFileSync("lstopo-no-graphics", options, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
  tell("rawNodes", readRawNodes());
  if (/\brecord\b/.test(readFileSync("/proc/cmdline", "utf8"))) tell("files", readMachineFiles());
  return probeTopology();
}
