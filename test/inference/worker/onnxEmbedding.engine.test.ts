import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Engine, planEngine, startEngine } from "numalab/inference";
import { afterAll, beforeAll, expect, test } from "vitest";
import { encoder, missingReason } from "../../tools/realModels.mjs";
import { encoderBytes } from "../realEncoder.ts";
import { planWhole } from "../tinyEngine.ts";
import { createFolder } from "../tinyGraph.ts";

interface Reference {
  readonly cases: readonly { readonly text: string; readonly tokens: string; readonly embedding: string }[];
}

const { cases } = JSON.parse(readFileSync(new URL("../encoderReference.json", import.meta.url), "utf8")) as Reference;
const reason = missingReason(encoder);
const folder = createFolder();
let started: Engine | undefined;

beforeAll(async () => {
  if (reason !== null) return;
  for (const name of ["tokenizer.json", "tokenizer_config.json"]) {
    copyFileSync(join(dirname(encoder.path), name), join(folder, name));
  }
  const modelPath = join(folder, "encoder.onnx");
  writeFileSync(modelPath, encoderBytes(encoder.path));
  started = await startEngine(planEngine({ modelPath }, await planWhole()));
});

afterAll(async () => {
  await started?.close();
  rmSync(folder, { recursive: true });
});

/** The encoder, which is there where the weights are. */
function running(): Engine {
  if (started === undefined) throw new Error("the encoder did not start");
  return started;
}

function vectorOf(embedding: string): readonly number[] {
  const bytes = Buffer.from(embedding, "base64");
  return Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readFloatLE(4 * index));
}

const product = (left: readonly number[], right: readonly number[]): number =>
  left.reduce((sum, value, index) => sum + value * (right[index] ?? NaN), 0);

test("a real encoder gives the vectors of PyTorch, for texts of different lengths at once", async ({ skip }) => {
  skip(reason !== null, reason ?? "");
  const vectors = await running().embedTexts(
    cases.map(({ text }) => text),
    { isNormalized: true },
  );
  const distances = cases.map(({ embedding }, index) => 1 - product(vectors[index] ?? [], vectorOf(embedding)));
  expect(vectors).toHaveLength(cases.length);
  for (const distance of distances) expect(Math.abs(distance)).toBeLessThan(1e-5);
});

test("more texts than are computed together give what each gives alone", async ({ skip }) => {
  skip(reason !== null, reason ?? "");
  const texts = Array.from({ length: 40 }, (_, index) => `number ${index} ${"and on ".repeat(index % 7)}`);
  const vectors = await running().embedTexts(texts, { isNormalized: true });
  expect(vectors).toHaveLength(40);
  const alone = await running().embed(texts[39] ?? "", { isNormalized: true });
  expect(product(alone, vectors[39] ?? [])).toBeCloseTo(1, 5);
});

test("a text has the tokens of the encoder's makers", async ({ skip }) => {
  skip(reason !== null, reason ?? "");
  for (const { text, tokens } of cases) expect((await running().tokenize(text)).join(" ")).toBe(tokens);
});

test("of a long text counts what the encoder was trained with", async ({ skip }) => {
  skip(reason !== null, reason ?? "");
  const [long, longer, short] = await running().embedTexts([1000, 2000, 10].map((count) => "word ".repeat(count)));
  expect(longer).toEqual(long);
  expect(short).not.toEqual(long);
});

test("a vector is near that of a text of like meaning", async ({ skip }) => {
  skip(reason !== null, reason ?? "");
  const texts = ["How fast is memory?", "What is the bandwidth of RAM?", "The cat sleeps."];
  const [question, like, unlike] = await running().embedTexts(texts, { isNormalized: true });
  expect(product(question ?? [], like ?? [])).toBeGreaterThan(product(question ?? [], unlike ?? []) + 0.2);
  expect(await running().embedTexts([])).toEqual([]);
});
