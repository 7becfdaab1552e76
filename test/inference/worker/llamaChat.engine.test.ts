import { readFileSync, writeFileSync } from "node:fs";
import { EngineError } from "numalab/inference";
import { beforeAll, expect, test } from "vitest";
import { startWhole, synthesizeTiny } from "../tinyEngine.ts";

let plain = "";

beforeAll(async () => {
  plain = (await synthesizeTiny()).path;
});

const textOf = (value: string): Buffer => {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(value)));
  return Buffer.concat([length, Buffer.from(value)]);
};
const textEntry = (key: string, value: string): Buffer =>
  Buffer.concat([textOf(key), Buffer.from(Uint32Array.of(8).buffer), textOf(value)]);

/** A copy of the model with a chat template, and padding so that the weights stay aligned. */
function withTemplate(template: string, name: string): string {
  const entry = textEntry("tokenizer.chat_template", template);
  const missing = 64 - ((entry.length + textEntry("padding", "").length) % 64);
  const model = readFileSync(plain);
  const countAt = 16;
  model.writeBigUInt64LE(model.readBigUInt64LE(countAt) + 2n, countAt);
  const path = plain.replace(".gguf", `-${name}.gguf`);
  const entries = [entry, textEntry("padding", "x".repeat(missing))];
  writeFileSync(path, Buffer.concat([model.subarray(0, 24), ...entries, model.subarray(24)]));
  return path;
}

const messages = [
  { role: "system", content: "Answer shortly." },
  { role: "user", content: "Wo steht das Haus? ä" },
];

test("a conversation becomes a prompt by the model's own template, and the model answers it", async () => {
  const template =
    "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}";
  await using engine = await startWhole({ modelPath: withTemplate(template, "chatml"), driver: "llama" });
  const prompt = await engine.formatChat(messages);
  expect(prompt).toBe(
    "<|im_start|>system\nAnswer shortly.<|im_end|>\n<|im_start|>user\nWo steht das Haus? ä<|im_end|>\n<|im_start|>assistant\n",
  );
  expect((await engine.formatChat(messages, { isAnswered: false })).endsWith("<|im_end|>\n")).toBe(true);
  const options = { maximumTokensCount: 4 };
  expect((await engine.chat(messages, options)).tokens).toEqual((await engine.generate(prompt, options)).tokens);
  for (const wrong of [[], [{ role: "", content: "a" }], [{ role: "user", content: "a\0b" }]]) {
    await expect(engine.formatChat(wrong)).rejects.toMatchObject({ code: "invalid-request" });
  }
});

test("a model without a template, or with one of an unknown form, says so", async () => {
  for (const modelPath of [plain, withTemplate("{{ nothing that llama.cpp knows }}", "unknown")]) {
    await using engine = await startWhole({ modelPath, driver: "llama" });
    await expect(engine.formatChat(messages)).rejects.toMatchObject({
      code: "not-supported",
      message: expect.stringContaining("chat template") as string,
    });
    await expect(engine.formatChat(messages)).rejects.toBeInstanceOf(EngineError);
  }
});
