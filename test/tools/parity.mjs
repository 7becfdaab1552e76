// Compares our timed calls with llama-bench of the same llama.cpp, paired and interleaved in random order.
//   node test/tools/parity.mjs [rounds=11]
// Needs git and g++: llama-bench is compiled from the source that node-llama-cpp carries and linked to its own libraries,
// so both sides run the same kernels; both hold the weights in memory of their own, in huge pages. The figures are tokens a
// second of ours over theirs; every round is printed.
import { execFileSync } from "node:child_process";
import { findEngineLibraries, planEngine, startEngine, tokensPerSecondOf } from "numalab/inference";
import { planLaunch, probeBindingWay } from "numalab/launch";
import { synthesizeModel } from "numalab/model";
import { comparePaired, seededRandom, shuffle } from "numalab/stats";
import { placementOf, probeTopology } from "numalab/topology";
import { compileLlamaTool, work } from "./llamaTool.mjs";

const roundsCount = Number(process.argv[2] ?? 11);
const randomSeed = 1;
const promptTokensCount = 256;
const decodeTokensCount = 48;
const { folder: libraries } = findEngineLibraries();

/** Tokens a second of one llama-bench process: prefill and decode. */
function runTheirs(program, { model, threadsCount }) {
  const lengths = ["-p", String(promptTokensCount), "-n", String(decodeTokensCount)];
  const args = ["-m", model.path, ...lengths, "-t", String(threadsCount), "-r", "1", "-mmp", "0", "-o", "json"];
  const env = { ...process.env, GLIBC_TUNABLES: "glibc.malloc.hugetlb=1" };
  // It finds its compute libraries only from their own folder.
  const output = execFileSync(program, args, {
    cwd: libraries,
    env,
    stdio: ["ignore", "pipe", "ignore"],
    encoding: "utf8",
  });
  const [prefill, decode] = JSON.parse(output);
  return { prefill: prefill.avg_ts, decode: decode.avg_ts };
}

/** The same of our engine: a process of its own each time, warmed up as llama-bench warms itself up. */
async function runOurs({ model, threads }) {
  const engine = await startEngine(planEngine({ modelPath: model.path, driver: "llama" }, instance));
  await engine.prefill({ tokensCount: promptTokensCount, threads });
  const prefill = tokensPerSecondOf(await engine.prefill({ tokensCount: promptTokensCount, threads }));
  await engine.decode({ tokensCount: 1, threads });
  const decode = tokensPerSecondOf(await engine.decode({ tokensCount: decodeTokensCount, threads }));
  await engine.close();
  return { prefill, decode };
}

const program = compileLlamaTool("llama-bench");
const topology = await probeTopology();
const { way: bindingWay } = await probeBindingWay(topology);
const [instance] = planLaunch({ bindingWay }, topology).instances;
const cells = [];
for (const quant of ["Q4_0", "Q8_0"]) {
  const model = await synthesizeModel({ preset: "qwen2.5-0.5b", quant, randomSeed, folder: work });
  for (const threadsCount of [1, 2].filter((count) => count <= instance.threadsCount)) {
    // Not confined, because llama-bench is not.
    const threads = { threadsCount, cpus: placementOf(topology, instance.threadsCount).cpus };
    cells.push({ quant, model, threadsCount, threads, ours: [], theirs: [] });
  }
}

const random = seededRandom(randomSeed);
for (let round = 0; round < roundsCount; round++) {
  for (const cell of shuffle(cells, random)) {
    const sides = shuffle(["ours", "theirs"], random);
    for (const side of sides) cell[side].push(side === "ours" ? await runOurs(cell) : runTheirs(program, cell));
  }
  console.error(`round ${round + 1} of ${roundsCount}`);
}
for (const { quant, threadsCount, ours, theirs } of cells) {
  for (const kind of ["decode", "prefill"]) {
    const [a, b] = [ours, theirs].map((side) => side.map((one) => one[kind]));
    const { ratio, low, high } = comparePaired(a, b);
    const rounds = a.map((value, at) => (value / b[at]).toFixed(2)).toSorted();
    const interval = low === null ? "" : ` [${low.toFixed(3)}, ${high.toFixed(3)}]`;
    console.log(
      `${quant} ${threadsCount} thread(s) ${kind}: ${ratio.toFixed(3)}${interval}, rounds ${rounds.join(" ")}`,
    );
  }
}
