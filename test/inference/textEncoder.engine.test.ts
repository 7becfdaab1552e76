import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { planSession, startTextEncoder, type TextEncoder } from "numalab/inference";
import { afterAll, beforeAll, expect, test } from "vitest";
import { encoder, missingReason } from "../tools/realModels.mjs";
import { encoderBytes } from "./realEncoder.ts";
import { planWhole } from "./tinyEngine.ts";

interface Reference {
  readonly cases: readonly { readonly text: string; readonly tokens: string; readonly embedding: string }[];
}

const { cases } = JSON.parse(readFileSync(new URL("encoderReference.json", import.meta.url), "utf8")) as Reference;
const reason = missingReason(encoder);
let started: TextEncoder | undefined;

beforeAll(async () => {
  if (reason !== null) return;
  const plan = planSession({ model: encoderBytes(encoder.path) }, await planWhole());
  started = await startTextEncoder(plan, { tokenizerFolder: dirname(encoder.path) });
});

afterAll(() => started?.close());

/** The encoder, which is there where the weights are. */
function running(): TextEncoder {
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
  const vectors = await running().embed(
    cases.map(({ text }) => text),
    { isNormalized: true },
  );
  const distances = cases.map(({ embedding }, index) => 1 - product(vectors[index] ?? [], vectorOf(embedding)));
  expect(vectors).toHaveLength(cases.length);
  for (const distance of distances) expect(Math.abs(distance)).toBeLessThan(1e-5);
});

test("a text has the tokens of the encoder's makers", ({ skip }) => {
  skip(reason !== null, reason ?? "");
  for (const { text, tokens } of cases) expect(running().tokenize(text).join(" ")).toBe(tokens);
});

test("a long text is cut to what the encoder was trained with, and keeps its end token", ({ skip }) => {
  skip(reason !== null, reason ?? "");
  const tokens = running().tokenize("word ".repeat(1000));
  expect(tokens).toHaveLength(128);
  expect(tokens.at(-1)).toBe(102);
});

test("a vector is near that of a text of like meaning", async ({ skip }) => {
  skip(reason !== null, reason ?? "");
  const texts = ["How fast is memory?", "What is the bandwidth of RAM?", "The cat sleeps."];
  const [question, like, unlike] = await running().embed(texts, { isNormalized: true });
  expect(product(question ?? [], like ?? [])).toBeGreaterThan(product(question ?? [], unlike ?? []) + 0.2);
  expect(await running().embed([])).toEqual([]);
});

test("a folder without a tokenizer is refused", async () => {
  const plan = planSession({ model: new Uint8Array() }, await planWhole());
  await expect(startTextEncoder(plan, { tokenizerFolder: "/absent" })).rejects.toMatchObject({
    code: "model-load-failed",
  });
});
