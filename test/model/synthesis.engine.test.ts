import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getLlama, type Llama, LlamaLogLevel } from "node-llama-cpp";
import { readModel, type ShapeSpec, synthesizeModel } from "numalab/model";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "numalab-synthesis-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

const size = {
  layersCount: 2,
  hiddenSize: 128,
  feedForwardSize: 256,
  headsCount: 4,
  kvHeadsCount: 2,
  vocabularyCount: 512,
  contextTokensCount: 256,
};

const shapes: Record<string, ShapeSpec> = {
  llama: { ...size, architecture: "llama" },
  "llama with an output in Q6_K": { ...size, architecture: "llama", hiddenSize: 256 },
  "llama with heads of their own size": { ...size, architecture: "llama", headSize: 64 },
  qwen2: { ...size, architecture: "qwen2" },
  "qwen2 with tied embeddings": { ...size, architecture: "qwen2", tiedEmbeddings: true },
  "qwen2 with tied embeddings in Q6_K": { ...size, architecture: "qwen2", hiddenSize: 256, tiedEmbeddings: true },
};

describe.for(Object.entries(shapes))("llama.cpp and a synthetic %s", ([, shape]) => {
  const complaints: string[] = [];
  let llama: Llama;

  beforeAll(async () => {
    const logger = (level: LlamaLogLevel, message: string) => complaints.push(`${level}: ${message}`);
    llama = await getLlama({ gpu: false, build: "never", logLevel: LlamaLogLevel.warn, logger });
  });
  afterAll(() => llama.dispose());

  test.for(["F16", "Q8_0", "Q4_0"] as const)("%s is loaded without complaint, and decodes", async (quant) => {
    const own = await synthesizeModel({ shape, quant, randomSeed: 1, folder: temporaryFolder() });
    complaints.length = 0;
    const model = await llama.loadModel({ modelPath: own.path });
    onTestFinished(() => model.dispose());
    expect([model.trainContextSize, model.embeddingVectorSize, model.size]).toEqual([
      own.contextTokensCount,
      own.hiddenSize,
      own.tensors.reduce((total, { bytes }) => total + bytes, 0),
    ]);
    const text = "any text, ünïcödé too";
    const tokens = model.tokenize(text);
    expect(model.detokenize(tokens)).toBe(text);
    const context = await model.createContext({ contextSize: 128, threads: 2 });
    const sequence = context.getSequence();
    const decoded = [];
    for await (const token of sequence.evaluate(tokens, { yieldEogToken: true })) {
      decoded.push(token);
      if (decoded.length === 8) break;
    }
    const [last] = await sequence.controlledEvaluate([[decoded[7]!, { generateNext: { probabilities: true } }]]);
    const probabilities = [...last!.next.probabilities!.values()];
    expect(probabilities).toHaveLength(own.vocabularyCount);
    expect(probabilities.every(Number.isFinite)).toBe(true);
    expect(probabilities.reduce((total, next) => total + next, 0)).toBeCloseTo(1, 4);
    expect(new Set(probabilities).size).toBeGreaterThan(own.vocabularyCount / 2);
    expect(complaints).toEqual([]);
  });
});

/** Synthesizes in a process of its own, which says how far it has come and at last what memory it took. */
const child = `
  import { synthesizeModel } from "numalab/model";
  const [request] = process.argv.slice(1).map((text) => JSON.parse(text));
  await synthesizeModel({ ...request, onProgress: ({ phase }) => process.stdout.write(phase + "\\n") });
  process.stdout.write(JSON.stringify({ peakBytes: process.resourceUsage().maxRSS * 1024 }));
`;
const childArguments = (request: object) => ["--input-type=module", "--eval", child, JSON.stringify(request)];

test("a model of any size is written in less than 300 MB of memory", () => {
  const request = { preset: "qwen2.5-0.5b", quant: "Q4_0", randomSeed: 1, folder: temporaryFolder() };
  const { stdout } = spawnSync(process.execPath, childArguments(request), { encoding: "utf8" });
  const { peakBytes } = JSON.parse(stdout.split("\n").at(-1)!) as { peakBytes: number };
  expect(peakBytes).toBeLessThan(300e6);
});

test("a killed process leaves only an unfinished file, and the next call removes it", async () => {
  const folder = temporaryFolder();
  const request = { preset: "qwen2.5-0.5b", quant: "F16", randomSeed: 1, folder };
  const writer = spawn(process.execPath, childArguments(request), { stdio: ["ignore", "pipe", "inherit"] });
  writer.stdout.on("data", (said: Buffer) => {
    if (said.includes("writing")) writer.kill("SIGKILL");
  });
  await new Promise((resolve) => writer.once("exit", resolve));
  expect(readdirSync(folder)).toEqual([`.qwen2.5-0.5b-f16-synthetic.gguf.partial-${writer.pid}`]);
  const { path } = await synthesizeModel({ shape: shapes["llama"]!, quant: "Q4_0", randomSeed: 1, folder });
  expect(readdirSync(folder).map((name) => join(folder, name))).toEqual([path]);
});

describe("on a disk of 8 MiB", () => {
  /** Half of such a disk. */
  const shape: ShapeSpec = { ...size, architecture: "llama", layersCount: 16 };
  const request = { shape, quant: "F16", randomSeed: 1 } as const;

  /** A disk of its own, or why there is none: only root may mount. */
  function mountDisk(): { readonly folder: string; readonly reason: string | null } {
    const folder = temporaryFolder();
    const { status, stderr } = spawnSync("mount", ["-t", "tmpfs", "-o", "size=8m", "tmpfs", folder], {
      encoding: "utf8",
    });
    if (status !== 0) return { folder, reason: `needs the right to mount a disk: ${stderr}` };
    onTestFinished(() => {
      spawnSync("umount", [folder]);
    });
    return { folder, reason: null };
  }

  test("a model that does not fit is refused before a byte is written", async ({ skip }) => {
    const { folder, reason } = mountDisk();
    skip(reason !== null, reason ?? "");
    const tooLarge = synthesizeModel({ ...request, shape: { ...shape, layersCount: 64 }, folder });
    await expect(tooLarge).rejects.toMatchObject({ code: "not-enough-space", facts: { freeBytes: 8 * 2 ** 20 } });
    expect(readdirSync(folder)).toEqual([]);
  });

  test("a disk that fills up while a model is written is told, and nothing is left behind", async ({ skip }) => {
    const { folder, reason } = mountDisk();
    skip(reason !== null, reason ?? "");
    const onProgress = ({ phase }: { phase: string }) => {
      if (phase === "planned") writeFileSync(join(folder, "filler"), Buffer.alloc(6 * 2 ** 20));
    };
    await expect(synthesizeModel({ ...request, folder, onProgress })).rejects.toMatchObject({ code: "disk-full" });
    expect(readdirSync(folder)).toEqual(["filler"]);
    rmSync(join(folder, "filler"));
    const model = await synthesizeModel({ ...request, folder });
    expect(await readModel(model.path)).toEqual(model);
  });
});
