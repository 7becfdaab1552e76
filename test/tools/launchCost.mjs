// What binding costs at the start of a process, and what its proof costs afterwards.
//   node test/tools/launchCost.mjs [rounds=31]
// Starts, in pairs in random order, `node -e 0` plainly by child_process and by startLaunch in each way that this machine
// permits, and prints the time to its exit as a ratio to the plain start, with its 95 % interval; then the CPU time that
// verifyBinding takes for a process of 16 threads and 256 MiB.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { planLaunch, startLaunch, verifyBinding } from "numalab/launch";
import { comparePaired, seededRandom, shuffle, summarize } from "numalab/stats";
import { placementOf, probeTopology } from "numalab/topology";

const roundsCount = Number(process.argv[2] ?? 31);
const random = seededRandom(1);
const topology = await probeTopology();
const program = { file: process.execPath, args: ["-e", "0"] };

async function startPlainly() {
  await once(spawn(program.file, program.args, { stdio: "pipe" }), "exit");
}

async function startBound(bindingWay) {
  const plan = planLaunch({ bindingWay }, topology);
  const launch = await startLaunch(plan, program);
  await launch.instances[0].exited;
}

const sides = { plain: startPlainly };
for (const way of ["none", "numactl", "syscalls", "taskset"]) {
  try {
    await startBound(way);
    sides[way] = () => startBound(way);
  } catch (error) {
    console.log(`${way}: ${error.message}`);
  }
}

const seconds = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
for (let round = 0; round < roundsCount; round++) {
  for (const name of shuffle(Object.keys(sides), random)) {
    const begun = performance.now();
    await sides[name]();
    seconds[name].push((performance.now() - begun) / 1000);
  }
}
console.log(`plain: ${(summarize(seconds.plain).estimate * 1000).toFixed(1)} ms`);
for (const name of Object.keys(sides).slice(1)) {
  const { ratio, low, high } = comparePaired(seconds[name], seconds.plain);
  console.log(`${name}: ${ratio.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}] of a plain start`);
}

const threads = `
  const { Worker } = require("node:worker_threads");
  globalThis.memory = Buffer.alloc(256 * 2 ** 20, 1);
  for (let at = 0; at < 9; at++) new Worker("setInterval(() => 0, 1e9)", { eval: true });
  setTimeout(() => console.log("ready"), 500);
  process.stdin.resume().on("end", () => process.exit());`;
const [instance] = planLaunch({ cpus: placementOf(topology, 1).cpus }, topology).instances;
const launch = await startLaunch(
  { instances: [instance], warnings: [] },
  { file: process.execPath, args: ["-e", threads] },
);
await once(launch.instances[0].stdout, "data");
const milliseconds = [];
let report;
for (let round = 0; round < roundsCount; round++) {
  const before = process.cpuUsage();
  report = await verifyBinding(launch.instances[0].processId, instance);
  const { user, system } = process.cpuUsage(before);
  milliseconds.push((user + system) / 1000);
}
await launch.stop();
const { estimate, low, high } = summarize(milliseconds);
console.log(
  `verifyBinding of ${report.threadsCount} threads: ${estimate.toFixed(2)} ms of CPU [${low.toFixed(2)}, ${high.toFixed(2)}], the first ${milliseconds[0].toFixed(2)}; ${report.state}`,
);
