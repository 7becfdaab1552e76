// What onnxruntime gives here, on graphs with random weights.
//   node test/tools/onnxBench.mjs [encoder=bert-base] [decoder=qwen2.5-0.5b] [rounds=11] [depth]
// Prints the load of external weights without prepacking and how much of them two processes share; INT8 beside FP32 by
// latency (pairs in random order, 95 % interval) and by file size; what the profile leaves unexplained; and the tokens per
// second of INT4 blocks beside those of GGUF Q4_0. Files go to TMPDIR and are removed.
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as compression from "numalab/compression";
import {
  planEngine,
  planNativeInstance,
  planSession,
  profileGraph,
  startEngine,
  startSession,
} from "numalab/inference";
import { synthesizeModel } from "numalab/model";
import { buildPreset, tensorOf, writeOnnx } from "numalab/onnx";
import { comparePaired, seededRandom, shuffle } from "numalab/stats";

const [encoder = "bert-base", decoder = "qwen2.5-0.5b", rounds = "11", depth] = process.argv.slice(2);
const roundsCount = Number(rounds);
const cut = depth === undefined ? {} : { depth: Number(depth) };
const random = seededRandom(1);
const folder = mkdtempSync(join(tmpdir(), "numalab-onnx-"));
const instance = await planNativeInstance(1);
const sequence = 128;
const rowOf = (name, value) =>
  tensorOf(
    name,
    new BigInt64Array(sequence).map(() => BigInt(value())),
    [1, sequence],
  );
const feeds = [
  rowOf("input_ids", () => Math.floor(random() * 1000)),
  rowOf("attention_mask", () => 1),
  rowOf("token_type_ids", () => 0),
];

async function write(graph, name) {
  const path = join(folder, `${name}.onnx`);
  await writeOnnx(graph, { path, externalData: "always" });
  return path;
}

/** The bytes of a graph with its external data, whose file is named after it. */
function bytesOf(path) {
  const files = [path, ...[`${path}.data`, `${path}_data`].filter((one) => statSync(one, { throwIfNoEntry: false }))];
  return files.reduce((sum, one) => sum + statSync(one).size, 0);
}

/** Runs the sides in pairs in random order; what each gave in each round. */
async function interleave(sides) {
  const figures = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
  for (let round = 0; round < roundsCount; round++) {
    for (const name of shuffle(Object.keys(sides), random)) figures[name].push(await sides[name]());
  }
  return figures;
}

function show(what, first, second) {
  const { ratio, low, high } = comparePaired(first, second);
  console.log(`${what}: ${ratio.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`);
}

/** Bytes of mapped weights that a process has not made its own, and what it holds in memory of its own. */
function memoryOf(processId) {
  const maps = readFileSync(`/proc/${processId}/smaps`, "utf8").split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m);
  const mapped = maps.filter((map) => map.split("\n", 1)[0].includes(folder));
  const sum = (field) =>
    mapped.reduce((all, map) => all + 1024 * Number(new RegExp(`^${field}:\\s+(\\d+)`, "m").exec(map)?.[1] ?? 0), 0);
  const [, anonymous] = /^Anonymous:\s+(\d+)/m.exec(readFileSync(`/proc/${processId}/smaps_rollup`, "utf8"));
  return { shareable: sum("Size") - sum("Private_Dirty"), anonymous: Number(anonymous) * 1024 };
}

async function measureLoad(path) {
  const plan = planSession({ model: path, isPrepacked: false }, instance);
  const sessions = [await startSession(plan), await startSession(plan)];
  for (const session of sessions) await session.run(feeds);
  for (const { processId, facts } of sessions) {
    const { shareable, anonymous } = memoryOf(processId);
    const share = `${((shareable / bytesOf(path)) * 100).toFixed(1)} % of ${(bytesOf(path) / 1e6).toFixed(0)} MB shareable`;
    const load = `load ${(facts.loadSeconds * 1000).toFixed(0)} ms`;
    console.log(`external, not prepacked: ${load}, ${share}, ${(anonymous / 1e6).toFixed(0)} MB of its own`);
  }
  for (const session of sessions) await session.close();
}

async function measureProfile(path) {
  const { runSeconds, overheadSeconds } = await profileGraph(planSession({ model: path }, instance), {
    feeds,
    roundsCount,
  });
  console.log(`profile: ${((overheadSeconds / runSeconds) * 100).toFixed(2)} % of the run is no node's`);
}

async function measureInt8(path, graph) {
  const smaller = await write(compression.quantizeDynamic(graph).graph, "int8");
  console.log(`INT8 file / FP32 file: ${(bytesOf(smaller) / bytesOf(path)).toFixed(3)}`);
  const sessions = { fp32: path, int8: smaller };
  for (const name of Object.keys(sessions)) {
    sessions[name] = await startSession(planSession({ model: sessions[name] }, instance));
  }
  const time = (session) => async () => (await session.time({ feeds, roundsCount: 1 }))[0];
  const { fp32, int8 } = await interleave({ fp32: time(sessions.fp32), int8: time(sessions.int8) });
  show("INT8 latency / FP32 latency", int8, fp32);
  for (const session of Object.values(sessions)) await session.close();
}

async function measureDecoder() {
  const graph = await buildPreset({ preset: decoder, randomSeed: 1, ...cut });
  const path = await write(compression.quantizeBlocks(graph).graph, "decoder");
  const gguf = join(folder, "decoder.gguf");
  await synthesizeModel({ preset: decoder, quant: "Q4_0", randomSeed: 1, path: gguf, ...cut });
  const engines = [];
  for (const modelPath of [path, gguf]) engines.push(await startEngine(planEngine({ modelPath }, instance)));
  const [onnx, llama] = engines.map((engine) => async () => {
    const { tokenSeconds } = await engine.decode({ tokensCount: 32 });
    return tokenSeconds.length / tokenSeconds.at(-1);
  });
  const figures = await interleave({ onnx, llama });
  show("tokens per second, ONNX INT4 / GGUF Q4_0", figures.onnx, figures.llama);
  for (const engine of engines) await engine.close();
}

try {
  const graph = await buildPreset({ preset: encoder, randomSeed: 1, ...cut });
  const path = await write(graph, "fp32");
  await measureLoad(path);
  await measureProfile(path);
  if (compression.quantizeDynamic === undefined) console.log("INT8 and INT4: not run, nothing quantizes graphs yet");
  else {
    await measureInt8(path, graph);
    await measureDecoder();
  }
} finally {
  rmSync(folder, { recursive: true });
}
