// Tokens a second beside llama-bench: prompts, single tokens, tokens that reach the caller, and the public calls.
import { text } from "node:stream/consumers";
import { tokensPerSecondOf } from "numalab/inference";
import { withEngines } from "./engines.mjs";
import { runTool, startPublicCalls } from "./theirTools.mjs";

const promptTokensCount = 512;
const tokensCount = 48;

async function runLlamaBench({ modelPath, threadsCount, hasPrefill }) {
  const lengths = ["-p", String(hasPrefill ? promptTokensCount : 0), "-n", String(tokensCount)];
  const args = ["-m", modelPath, ...lengths, "-t", String(threadsCount), "-r", "1", "-mmp", "0", "-o", "json"];
  const tests = JSON.parse(await runTool("llama-bench", args));
  const rateOf = (isPrefill) => tests.find((test) => test.n_prompt > 0 === isPrefill)?.avg_ts;
  return { decode: rateOf(false), ...(hasPrefill ? { prefill: rateOf(true) } : {}) };
}

const specOf = ({ modelPath, driver = "llama" }) => ({ modelPath, driver });
/** Not confined to fewer CPUs, because llama-bench is not. */
const threadsOf = ({ threadsCount }) => ({ threadsCount, cpus: null });

/** Warmed up as llama-bench warms itself up. */
const runEngine = (side) =>
  withEngines([specOf(side)], async ([engine]) => {
    const threads = threadsOf(side);
    const figures = {};
    if (side.hasPrefill) {
      await engine.prefill({ tokensCount: promptTokensCount, threads });
      figures.prefill = tokensPerSecondOf(await engine.prefill({ tokensCount: promptTokensCount, threads }));
    }
    await engine.decode({ tokensCount: 1, threads });
    figures.decode = tokensPerSecondOf(await engine.decode({ tokensCount, threads }));
    return figures;
  });

/** Every piece of text as it comes to the caller; the first token stands for the prompt, which is about one token. */
async function readStream(engine, maximumTokensCount, threads) {
  const startedAt = performance.now();
  const pieces = engine.stream("a", { maximumTokensCount, threads });
  let next = await pieces.next();
  while (next.done !== true) next = await pieces.next();
  const found = next.value.tokens.length;
  if (found < maximumTokensCount) throw new Error(`the text ended after ${found} of ${maximumTokensCount} tokens`);
  return (found * 1000) / (performance.now() - startedAt);
}

const runStream = (side) =>
  withEngines([specOf(side)], async ([engine]) => {
    await readStream(engine, 1, threadsOf(side));
    return { decode: await readStream(engine, tokensCount, threadsOf(side)) };
  });

async function runPublicCalls({ modelPath, threadsCount }) {
  const said = await text(startPublicCalls({ modelPath, threadsCount, tokensCount }).stdout);
  return JSON.parse(said.trim().split("\n").at(-1));
}

const figuresOf = {
  decode: { name: "decode / llama-bench", side: "engine", measure: "decode", bar: { least: 0.98 } },
  prefill: { name: "prefill 512 / llama-bench", side: "engine", measure: "prefill", bar: { least: 0.98 } },
  stream: { name: "decode, streamed / llama-bench", side: "stream", measure: "decode", bar: { least: 0.96 } },
  api: { name: "decode, llama-api / llama-bench", side: "api", measure: "decode", bar: { least: 0.9 } },
  public: { name: "decode, public calls as they come / llama-bench", side: "public", measure: "decode" },
};

/** The sides that the chosen cells need, by name. */
function sidesOf(side, cells) {
  const sides = {
    "llama-bench": () => runLlamaBench(side),
    ...(cells.includes("decode") || cells.includes("prefill") ? { engine: () => runEngine(side) } : {}),
    ...(cells.includes("stream") ? { stream: () => runStream(side) } : {}),
  };
  if (!cells.includes("api")) return sides;
  const api = () => runEngine({ ...side, hasPrefill: false, driver: "llama-api" });
  return { ...sides, api, public: () => runPublicCalls(side) };
}

/** One group a model and number of threads, so that one run of llama-bench a round serves all figures. */
export async function rateGroups({ cells, shapes, quants, threadsCounts, model }) {
  const wanted = Object.keys(figuresOf).filter((name) => cells.includes(name === "public" ? "api" : name));
  if (wanted.length === 0) return [];
  const groups = [];
  for (const shape of shapes) {
    for (const quant of quants) {
      const modelPath = await model(shape, quant);
      for (const threadsCount of threadsCounts) {
        const side = { modelPath, threadsCount, hasPrefill: cells.includes("prefill") };
        groups.push({
          title: `${shape} ${quant}, ${threadsCount} threads`,
          sides: sidesOf(side, cells),
          figures: wanted.map((name) => ({ ...figuresOf[name], over: "llama-bench" })),
        });
      }
    }
  }
  return groups;
}
