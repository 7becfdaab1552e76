import { expect, test } from "vitest";
import { listRemoteFiles } from "../../../sdk/model/fetch/repository.ts";
import { parseSource, type HubSource } from "../../../sdk/model/fetch/source.ts";
import { codeOf } from "../fixtures.ts";
import { startHub } from "./hub.ts";

const one = Buffer.from("GGUF");
const files = { "a-Q4_K_M.gguf": one, "a-Q4_K_S.gguf": one, "deep/a-q8_0.gguf": one, "mmproj-a-Q8_0.gguf": one };

async function namesOf(source: string): Promise<readonly string[]> {
  const { endpoint } = await startHub(files);
  const access = { endpoint, token: null, retrySeconds: 0 };
  return (await listRemoteFiles(parseSource(source) as HubSource, access)).map(({ name }) => name);
}

test("a quantization is found in any case, and a file by its path", async () => {
  expect(await namesOf("hf:maker/tiny:q4_k_m")).toEqual(["a-Q4_K_M.gguf"]);
  expect(await namesOf("hf:maker/tiny:Q8_0")).toEqual(["a-q8_0.gguf"]);
  expect(await namesOf("hf:maker/tiny/deep/a-q8_0.gguf")).toEqual(["a-q8_0.gguf"]);
});

test("several models that may be meant are listed", async () => {
  await expect(namesOf("hf:maker/tiny")).rejects.toMatchObject({
    code: "ambiguous-model",
    message: expect.stringContaining("a-Q4_K_M.gguf, a-Q4_K_S.gguf, deep/a-q8_0.gguf") as string,
  });
});

test("what is not there is told with what is", async () => {
  await expect(namesOf("hf:maker/tiny:Q4_K")).rejects.toThrow("it has a-Q4_K_M.gguf");
  expect(await codeOf(namesOf("hf:maker/tiny:Q4_K"))).toBe("no-such-quant");
  expect(await codeOf(namesOf("hf:maker/tiny/b.gguf"))).toBe("no-such-model");
  expect(await codeOf(namesOf("hf:maker/absent"))).toBe("no-such-model");
});
