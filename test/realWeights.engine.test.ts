import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findEngineLibraries, type Engine } from "numalab/inference";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compileLlamaTool } from "./tools/llamaTool.mjs";
import { decoder, missingReason } from "./tools/realModels.mjs";
import { startWhole } from "./inference/tinyEngine.ts";

const prompt = "The old house on the hill";
const tokensCount = 48;
const contextTokensCount = 256;
const reason = missingReason(decoder);
const folder = mkdtempSync(join(tmpdir(), "numalab-real-"));
let engine: Engine | undefined;

beforeAll(async () => {
  if (reason !== null) return;
  // Flash attention sums in 16 bits, so that how a text is cut into batches moves its perplexity by some tenths of a percent.
  const setting = { driver: "llama", contextTokensCount, flashAttention: "off" } as const;
  engine = await startWhole({ modelPath: decoder.path, ...setting });
});

afterAll(async () => {
  await engine?.close();
  rmSync(folder, { recursive: true });
});

/** The engine, which is there where the weights are. */
function running(): Engine {
  if (engine === undefined) throw new Error("the engine did not start");
  return engine;
}

/** What a tool of llama.cpp says about the decoder. */
function runTool(name: string, args: readonly string[]): string {
  const { threadsCount } = running().facts.setting.threads;
  const setting = ["-c", String(contextTokensCount), "-t", String(threadsCount), "-fa", "off"];
  // It finds its compute libraries only from their own folder.
  const { folder: cwd } = findEngineLibraries();
  const { status, stdout, stderr } = spawnSync(compileLlamaTool(name), ["-m", decoder.path, ...setting, ...args], {
    cwd,
    encoding: "utf8",
  });
  expect(status, stderr).toBe(0);
  return stdout + stderr;
}

/** The tokens in a file of llama_state_save_file: 12 bytes that end in their count, then 4 bytes each. */
function tokensOf(path: string): number[] {
  const bytes = readFileSync(path);
  return Array.from({ length: bytes.readUInt32LE(8) }, (_, index) => bytes.readInt32LE(12 + 4 * index));
}

test("real weights write the same 48 tokens as llama.cpp's own tool", async ({ skip }) => {
  skip(reason !== null, reason ?? "");
  const state = join(folder, "state");
  const greedy = ["-p", prompt, "--temp", "0", "-no-cnv", "--no-warmup", "--no-perf"];
  runTool("completion", [...greedy, "-n", String(tokensCount), "--prompt-cache", state, "--prompt-cache-all"]);
  const { tokens, text } = await running().generate(prompt, { maximumTokensCount: tokensCount });
  expect(tokens).toHaveLength(tokensCount);
  expect([...(await running().tokenize(prompt)), ...tokens]).toEqual(tokensOf(state));
  expect(text).toContain(" the ");
});

test("the perplexity of real weights is llama.cpp's within 0.5 %", async ({ skip, annotate }) => {
  skip(reason !== null, reason ?? "");
  const text = readFileSync("README.md", "utf8").slice(0, 3000);
  const file = join(folder, "text");
  writeFileSync(file, text);
  const printed = runTool("perplexity", ["-f", file]);
  const theirs = Number(/Final estimate: PPL = ([\d.]+)/.exec(printed)?.[1]);
  const { perplexity, countedTokensCount } = await running().perplexity(text, { chunkTokensCount: contextTokensCount });
  await annotate(
    `perplexity of real weights over ${countedTokensCount} tokens: ${perplexity.toFixed(3)}; llama.cpp's ${theirs}`,
  );
  expect(Math.abs(perplexity / theirs - 1)).toBeLessThan(0.005);
});
