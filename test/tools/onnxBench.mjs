// What onnxruntime gives here, on graphs with random weights.
//   node test/tools/onnxBench.mjs [encoder=bert-base] [decoder=qwen2.5-0.5b] [rounds=11] [depth]
// Prints, with the bar beside each figure that has one: the load of external weights without prepacking and how much of them
// two processes share; what passes between the processes; what the profile leaves unexplained; INT8 beside FP32 by latency
// (pairs in random order, 95 % interval), file size and error of each layer; and the tokens per second of INT4 blocks beside
// those of GGUF Q4_0. Files go to TMPDIR and are removed.
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { quantizeBlocks, quantizeDynamic, valueErrors } from "numalab/compression";
import {
  planEngine,
  planNativeInstance,
  planSession,
  profileGraph,
  startEngine,
  startSession,
} from "numalab/inference";
import { synthesizeModel } from "numalab/model";
import { buildPreset, createGraphBuilder, encodeOnnx, tensorOf, writeOnnx } from "numalab/onnx";
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

/** A line with a figure, and with what it should be. */
function show(what, figure, bar = "") {
  console.log(`${what}: ${figure}${bar === "" ? "" : ` (bar: ${bar})`}`);
}

function showRatio(what, [first, second], bar) {
  const { ratio, low, high } = comparePaired(first, second);
  show(what, `${ratio.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`, bar);
}

const megabytes = (bytes) => `${(bytes / 1e6).toFixed(0)} MB`;

/** Sums over the mappings of a process of files in the folder, and what it holds in memory of its own. */
function memoryOf(processId) {
  const maps = readFileSync(`/proc/${processId}/smaps`, "utf8").split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m);
  const mapped = maps.filter((map) => map.split("\n", 1)[0].includes(folder));
  const sum = (field) =>
    mapped.reduce((all, map) => all + 1024 * Number(new RegExp(`^${field}:\\s+(\\d+)`, "m").exec(map)?.[1] ?? 0), 0);
  const [, anonymous] = /^Anonymous:\s+(\d+)/m.exec(readFileSync(`/proc/${processId}/smaps_rollup`, "utf8"));
  return {
    mapped: sum("Size") - sum("Private_Dirty"),
    resident: sum("Rss"),
    shared: sum("Shared_Clean"),
    proportional: sum("Pss"),
    anonymous: Number(anonymous) * 1024,
  };
}

/** The least of several loads, and what two processes share after each has run: of tables, the rows that were asked for. */
async function measureLoad(path) {
  const plan = planSession({ model: path, isPrepacked: false }, instance);
  const seconds = [];
  for (let round = 0; round < 7; round++) {
    const session = await startSession(plan);
    seconds.push(session.facts.loadSeconds * 1000);
    await session.close();
  }
  const [least = 0] = seconds.toSorted((one, other) => one - other);
  const loads = seconds.map((one) => one.toFixed(0)).join(", ");
  show("external, not prepacked: load", `${least.toFixed(0)} ms at best of ${loads}`, "<= 100 ms");
  const sessions = [await startSession(plan), await startSession(plan)];
  for (const session of sessions) await session.run(feeds);
  const share = (bytes, all) => `${((bytes / all) * 100).toFixed(1)} %`;
  for (const { processId } of sessions) {
    const { mapped, resident, shared, proportional, anonymous } = memoryOf(processId);
    show(`  of ${megabytes(bytesOf(path))} shareable`, share(mapped, bytesOf(path)), ">= 90 %");
    const found = `${share(shared, resident)}; ${megabytes(proportional)} fall to this one (Pss)`;
    show(`  of ${megabytes(resident)} that runs have touched, shared`, found, ">= 90 %");
    show("  memory of its own", megabytes(anonymous));
  }
  for (const session of sessions) await session.close();
}

/** Bytes that go to a worker and come back. */
async function measureMessages() {
  const builder = createGraphBuilder();
  const value = builder.input({ name: "value", type: "float32", dimensions: ["size"] });
  builder.output(builder.node("Identity", [value]), { name: "same", type: "float32", dimensions: ["size"] });
  const session = await startSession(planSession({ model: encodeOnnx(builder.build({ name: "same" })) }, instance));
  const sent = [tensorOf("value", new Float32Array(3e6))];
  const rates = [];
  for (let round = 0; round < 15; round++) {
    const startedAt = performance.now();
    await session.run(sent);
    rates.push(24e3 / (performance.now() - startedAt));
  }
  await session.close();
  const [least, median, most] = [0, 7, 14].map((at) => rates.toSorted((one, other) => one - other)[at].toFixed(0));
  show("messages of 12 MB there and back", `median ${median} MB/s, ${least} to ${most}`, ">= 100 MB/s");
}

async function measureProfile(path) {
  const { runSeconds, overheadSeconds } = await profileGraph(planSession({ model: path }, instance), {
    feeds,
    roundsCount,
  });
  show(
    "profile: share of the run that is no node's",
    `${((overheadSeconds / runSeconds) * 100).toFixed(2)} %`,
    "<= 5 %",
  );
}

async function measureInt8(path, graph) {
  const quantized = quantizeDynamic(graph);
  const smaller = await write(quantized.graph, "int8");
  show("INT8 file / FP32 file", (bytesOf(smaller) / bytesOf(path)).toFixed(3), "<= 0.30");
  const sessions = { fp32: path, int8: smaller };
  for (const name of Object.keys(sessions)) {
    sessions[name] = await startSession(planSession({ model: sessions[name] }, instance));
  }
  const time = (session) => async () => (await session.time({ feeds, roundsCount: 1 }))[0];
  const { fp32, int8 } = await interleave({ fp32: time(sessions.fp32), int8: time(sessions.int8) });
  showRatio("INT8 latency / FP32 latency", [int8, fp32], "<= 0.33 with VNNI");
  for (const session of Object.values(sessions)) await session.close();
  await measureErrors(graph, quantized);
}

/** What is left of the signal after each layer, where the errors of all layers before are in it too. */
async function measureErrors(original, { graph: other, layers }) {
  const values = layers.filter(({ weightName }) => weightName.includes(".down.")).map(({ output }) => output);
  const errors = await valueErrors({ original, other }, { samples: [feeds], instance }, values);
  const decibels = errors.map(({ sqnrDecibels }) => sqnrDecibels);
  const weights = layers.map(({ weightError }) => weightError.sqnrDecibels).toSorted((one, two) => one - two);
  show(
    "INT8 SQNR of the feed-forward outputs, layer by layer",
    `${decibels.map((one) => one?.toFixed(0) ?? "-").join(" ")} dB`,
  );
  show("INT8 SQNR of weights", `${weights[0].toFixed(1)} to ${weights.at(-1).toFixed(1)} dB`);
}

async function measureDecoder() {
  const graph = await buildPreset({ preset: decoder, randomSeed: 1, ...cut });
  const path = await write(quantizeBlocks(graph).graph, "decoder");
  const gguf = join(folder, "decoder.gguf");
  await synthesizeModel({ preset: decoder, quant: "Q4_0", randomSeed: 1, path: gguf, ...cut });
  const engines = [];
  for (const modelPath of [path, gguf]) engines.push(await startEngine(planEngine({ modelPath }, instance)));
  const [onnx, llama] = engines.map((engine) => async () => {
    const { tokenSeconds } = await engine.decode({ tokensCount: 32 });
    return tokenSeconds.length / tokenSeconds.at(-1);
  });
  const figures = await interleave({ onnx, llama });
  showRatio("tokens per second, ONNX INT4 / GGUF Q4_0", [figures.onnx, figures.llama]);
  for (const engine of engines) await engine.close();
}

try {
  const graph = await buildPreset({ preset: encoder, randomSeed: 1, ...cut });
  const path = await write(graph, "fp32");
  await measureLoad(path);
  await measureMessages();
  await measureProfile(path);
  await measureInt8(path, graph);
  await measureDecoder();
} finally {
  rmSync(folder, { recursive: true });
}
