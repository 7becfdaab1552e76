// What binding costs at the start of a process, and what its proof costs afterwards.
//   node test/tools/launchCost.mjs [rounds=31]
// Starts, in pairs in random order, a Node program plainly by child_process and by startLaunch in each way that this machine
// permits, and prints the time to its first word as a ratio to the plain start, with its 95 % interval; then the CPU time
// that verifyBinding takes for processes of 16 threads, by the memory that they hold in pages of 4 KiB.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { planLaunch, startLaunch, verifyBinding } from "numalab/launch";
import { comparePaired, seededRandom, shuffle, summarize } from "numalab/stats";
import { placementOf, probeTopology } from "numalab/topology";

const roundsCount = Number(process.argv[2] ?? 31);
const random = seededRandom(1);
const topology = await probeTopology();
const program = { file: process.execPath, args: ["-e", "console.log('up'); setInterval(() => 0, 1e9)"] };

/** How long it takes to its first word. */
async function startPlainly() {
  const begun = performance.now();
  const child = spawn(program.file, program.args, { stdio: "pipe" });
  await once(child.stdout, "data");
  const seconds = (performance.now() - begun) / 1000;
  child.kill();
  await once(child, "exit");
  return seconds;
}

async function startBound(bindingWay) {
  const begun = performance.now();
  const launch = await startLaunch(planLaunch({ bindingWay }, topology), program);
  await once(launch.instances[0].stdout, "data");
  const seconds = (performance.now() - begun) / 1000;
  await launch.stop();
  return seconds;
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
    seconds[name].push(await sides[name]());
  }
}
console.log(`plain: ${(summarize(seconds.plain).estimate * 1000).toFixed(1)} ms`);
for (const name of Object.keys(sides).slice(1)) {
  const { ratio, low, high } = comparePaired(seconds[name], seconds.plain);
  console.log(`${name}: ${ratio.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}] of a plain start`);
}

const [instance] = planLaunch({ cpus: placementOf(topology, 1).cpus }, topology).instances;

/** What verifyBinding costs for a process of 16 threads that holds so much memory beside Node's own. */
async function costOfProof(mebibytes) {
  const script = `
    const { Worker } = require("node:worker_threads");
    globalThis.memory = Buffer.alloc(${mebibytes} * 2 ** 20, 1);
    for (let at = 0; at < 9; at++) new Worker("setInterval(() => 0, 1e9)", { eval: true });
    setTimeout(() => console.log("ready"), 500);
    process.stdin.resume().on("end", () => process.exit());`;
  const plan = { instances: [instance], warnings: [] };
  const launch = await startLaunch(plan, { file: process.execPath, args: ["-e", script] });
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
  const cost = `${estimate.toFixed(1)} ms of CPU [${low.toFixed(1)}, ${high.toFixed(1)}], the first ${milliseconds[0].toFixed(1)}`;
  console.log(`verifyBinding, ${report.threadsCount} threads, Node and ${mebibytes} MiB: ${cost}; ${report.state}`);
}

for (const mebibytes of [0, 64, 256]) await costOfProof(mebibytes);
