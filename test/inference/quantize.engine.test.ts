import { execFileSync, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { findEngineLibraries, planQuantization, type QuantizationRequest, quantizeModel } from "numalab/inference";
import { type ShapeSpec, synthesizeModel } from "numalab/model";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { formatHeader } from "../../sdk/model/headerBytes.ts";
import { tensor } from "../model/fixtures.ts";

const root = mkdtempSync(join(tmpdir(), "numalab-quantize-"));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

/** Rows of whole blocks of 256, so that every format can hold them. */
const shape: ShapeSpec = {
  architecture: "llama",
  layersCount: 2,
  hiddenSize: 256,
  feedForwardSize: 512,
  headsCount: 4,
  kvHeadsCount: 2,
  vocabularyCount: 2000,
};

const tiny = join(root, "tiny-f16.gguf");
/** Quantizing it to IQ4_XS takes seconds. */
const large = join(root, "large-f16.gguf");

beforeAll(async () => {
  await synthesizeModel({ shape, quant: "F16", randomSeed: 1, path: tiny });
  const more = { ...shape, layersCount: 4, hiddenSize: 512, feedForwardSize: 2048, vocabularyCount: 8000 };
  await synthesizeModel({ shape: more, quant: "F16", randomSeed: 1, path: large });
});

function emptyFolder(): string {
  return mkdtempSync(join(root, "to-"));
}

const digestOf = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex");

/** Quantizes the tiny model into a folder of its own. */
const quantize = (quant: string, more: Partial<QuantizationRequest> = {}) =>
  quantizeModel({ path: tiny, quant, outputPath: join(emptyFolder(), "out.gguf"), ...more });

const exists = (program: string) => spawnSync(program, ["--version"]).status === 0;
const missingPrograms = ["git", "g++"].filter((program) => !exists(program));

describe.skipIf(missingPrograms.length > 0)(
  `beside llama-quantize (needs ${missingPrograms.join(", ") || "nothing"})`,
  () => {
    let program = "";
    beforeAll(() => {
      const tool = join(import.meta.dirname, "../tools/llamaTool.mjs");
      program = execFileSync(process.execPath, [tool, "quantize"], { encoding: "utf8" }).trim();
    });

    function theirs(quant: string, options: readonly string[] = [], path = tiny): string {
      const output = join(emptyFolder(), "theirs.gguf");
      execFileSync(program, [...options, path, output, quant, "2"], { stdio: "ignore" });
      return output;
    }

    const quants = ["F32", "BF16", "Q8_0", "Q6_K", "Q5_K_M", "Q5_1", "Q5_0", "Q4_K_M", "Q4_K_S", "Q4_1", "Q4_0"];
    test.for([...quants, "Q3_K_M", "Q2_K", "IQ4_NL", "IQ4_XS", "IQ3_S", "TQ2_0", "Q1_0"])(
      "%s is the same to the bit",
      async (quant) => {
        const { path, fileBytes, tensors } = await quantize(quant);
        expect(digestOf(path)).toBe(digestOf(theirs(quant)));
        expect(readFileSync(path).length).toBe(fileBytes);
        expect(tensors).toHaveLength(21);
      },
    );

    test("overrides are the same to the bit", async () => {
      const overrides = [
        { pattern: "attn_v", type: "Q8_0" },
        { pattern: "blk\\.1\\.ffn_(up|gate)", type: "iq4_nl" },
      ];
      const { path } = await quantize("Q4_K_M", { overrides });
      const options = overrides.flatMap(({ pattern, type }) => ["--tensor-type", `${pattern}=${type}`]);
      expect(digestOf(path)).toBe(digestOf(theirs("Q4_K_M", options)));
    });

    test.for(["Q4_0", "Q4_K_M", "IQ2_XS"])("%s with an importance matrix is the same to the bit", async (quant) => {
      const importanceMatrixPath = writeMatrix();
      const { path } = await quantize(quant, { importanceMatrixPath });
      expect(digestOf(path)).toBe(digestOf(theirs(quant, ["--imatrix", importanceMatrixPath])));
    });

    test("a forced second quantization is the same to the bit", async () => {
      const { path: first } = await quantize("Q8_0");
      const { path } = await quantize("Q4_0", { path: first, isForced: true });
      expect(digestOf(path)).toBe(digestOf(theirs("Q4_0", ["--allow-requantize"], first)));
    });
  },
);

/** An importance matrix for the tiny model, as if measured. */
function writeMatrix(inputsFactor = 1): string {
  const names = ["attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"];
  const tensors = [0, 1].flatMap((layer) =>
    names.flatMap((name) => {
      const inputs = (name === "ffn_down" ? 512 : 256) * inputsFactor;
      const stem = `blk.${layer}.${name}.weight`;
      return [tensor(`${stem}.in_sum2`, [inputs, 1], "F32"), tensor(`${stem}.counts`, [1, 1], "F32")];
    }),
  );
  const header = formatHeader(
    [
      { key: "imatrix.datasets", type: "string", items: ["text.txt"] },
      { key: "imatrix.chunk_count", type: "uint32", value: 3 },
      { key: "imatrix.chunk_size", type: "uint32", value: 512 },
    ],
    tensors,
  );
  const bodies = tensors.map(({ dimensions: [inputs = 1] }) => {
    const values = Float32Array.from({ length: inputs }, (_, at) => (inputs === 1 ? 1536 : 1 + ((at * 37) % 101)));
    return Buffer.concat([Buffer.from(values.buffer), Buffer.alloc(inputs === 1 ? 28 : 0)]);
  });
  const path = join(emptyFolder(), "imatrix.gguf");
  writeFileSync(path, Buffer.concat([header, ...bodies]));
  return path;
}

describe("a plan", () => {
  test("says what each tensor becomes and how large the file will be, and writes nothing", async () => {
    const folder = emptyFolder();
    const overrides = [{ pattern: "ffn_down", type: "Q8_0" }];
    const plan = await planQuantization({ path: tiny, quant: "q4_k", outputPath: join(folder, "o.gguf"), overrides });
    expect(readdirSync(folder)).toEqual([]);
    expect(plan.quant).toBe("Q4_K_M");
    const types = new Map(plan.tensors.map(({ name, type }) => [name, type]));
    expect(types.get("output.weight")).toBe("Q6_K");
    expect(types.get("blk.0.attn_q.weight")).toBe("Q4_K");
    expect(types.get("blk.0.ffn_down.weight")).toBe("Q8_0");
    expect(types.get("output_norm.weight")).toBe("F32");
    const model = await quantizeModel({ path: tiny, quant: "q4_k", outputPath: plan.path, overrides });
    expect(model.fileBytes).toBe(plan.fileBytes);
    expect(model.tensors.map(({ name, type }) => [name, type]).toSorted()).toEqual([...types].toSorted());
  });

  test("puts the file beside the original, under its name with the mix", async () => {
    const plan = await planQuantization({ path: tiny, quant: "Q5_1" });
    expect(plan.path).toBe(join(root, "tiny-q5_1.gguf"));
    const folder = emptyFolder();
    const shard = join(folder, "whole.F16-00001-of-00001.gguf");
    cpSync(tiny, shard);
    expect((await planQuantization({ path: shard, quant: "Q4_0" })).path).toBe(join(folder, "whole.q4_0.gguf"));
  });
});

describe("what cannot be done is refused before native code is entered:", () => {
  const refused = async (code: string, quant: string, more: Partial<QuantizationRequest> = {}) => {
    const folder = emptyFolder();
    const outputPath = join(folder, "out.gguf");
    await expect(quantizeModel({ path: tiny, quant, outputPath, ...more })).rejects.toMatchObject({ code });
    expect(readdirSync(folder)).toEqual([]);
  };

  test("an unknown mix, format or expression, and one that finds nothing or is not heeded", async () => {
    await refused("no-such-quant", "Q4_9");
    await refused("no-such-quant", "Q8_0", { overrides: [{ pattern: "a", type: "Q9_0" }] });
    await refused("bad-spec", "Q8_0", { overrides: [{ pattern: "attn", type: "Q8_K" }] });
    await refused("bad-spec", "Q8_0", { overrides: [{ pattern: "(", type: "Q8_0" }] });
    await refused("bad-spec", "Q8_0", { overrides: [{ pattern: "absent", type: "Q8_0" }] });
    await refused("bad-spec", "BF16", { overrides: [{ pattern: "attn", type: "Q8_0" }] });
    await refused("threads-out-of-range", "Q8_0", { threadsCount: 100_000 });
  });

  test("a quantized original", async () => {
    const { path } = await quantize("Q8_0");
    await refused("already-quantized", "Q4_0", { path });
  });

  test("a damaged or absent original", async () => {
    const path = join(emptyFolder(), "cut.gguf");
    cpSync(tiny, path);
    truncateSync(path, 2_000_000);
    await refused("truncated", "Q4_0", { path });
    await refused("unreadable", "Q4_0", { path: join(root, "absent.gguf") });
  });

  test("a place that is taken, or has another ending", async () => {
    await expect(quantizeModel({ path: tiny, quant: "Q4_0", outputPath: tiny })).rejects.toMatchObject({
      code: "path-taken",
    });
    const outputPath = join(root, "out.bin");
    await expect(quantizeModel({ path: tiny, quant: "Q4_0", outputPath })).rejects.toMatchObject({ code: "bad-spec" });
  });

  test("another version of the library", async () => {
    const librariesFolder = emptyFolder();
    cpSync(findEngineLibraries().folder, librariesFolder, { recursive: true });
    renameSync(join(librariesFolder, "libllama.v0.4.0.so"), join(librariesFolder, "libllama.v0.5.0.so"));
    await refused("library-mismatch", "Q4_0", { librariesFolder });
  });

  test("a mix that needs an importance matrix, and a matrix of another model", async () => {
    await refused("needs-importance-matrix", "IQ2_XS");
    await refused("not-an-importance-matrix", "Q4_0", { importanceMatrixPath: writeMatrix(2) });
    await refused("not-an-importance-matrix", "Q4_0", { importanceMatrixPath: tiny });
  });
});

/** The quantizers that run, with the process that started each. */
function quantizers(): readonly { readonly processId: number; readonly parentId: number }[] {
  const ids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return ids.flatMap((id) => {
    try {
      if (!readFileSync(`/proc/${id}/cmdline`, "utf8").includes("worker/quantizer.js")) return [];
      const parentId = Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${id}/stat`, "utf8"))?.[1]);
      return [{ processId: Number(id), parentId }];
    } catch {
      return [];
    }
  });
}

const ownQuantizers = () => quantizers().filter(({ parentId }) => parentId === process.pid);

/** Quantizes for seconds, and calls `act` once it writes. */
function quantizeLong(folder: string, act: () => void, more: Partial<QuantizationRequest> = {}) {
  let isTold = false;
  return quantizeModel({
    path: large,
    quant: "IQ4_XS",
    outputPath: join(folder, "out.gguf"),
    onProgress({ phase }) {
      if (phase !== "writing" || isTold) return;
      isTold = true;
      act();
    },
    ...more,
  });
}

describe("a quantization that does not come to its end leaves nothing behind", () => {
  test("when it is stopped, and within a second", async () => {
    const folder = emptyFolder();
    const stop = new AbortController();
    let stoppedAt = Infinity;
    const act = () => {
      stoppedAt = performance.now();
      stop.abort(new Error("enough"));
    };
    await expect(quantizeLong(folder, act, { signal: stop.signal })).rejects.toMatchObject({
      code: "aborted",
      cause: new Error("enough"),
    });
    expect(performance.now() - stoppedAt).toBeLessThan(1000);
    expect(readdirSync(folder)).toEqual([]);
    expect(ownQuantizers()).toEqual([]);
    await expect(quantizeLong(folder, act, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "aborted" });
  });

  test.for(["SIGKILL", "SIGABRT"] as const)(
    "when the process that does it dies of %s, whose last words are told",
    async (signal) => {
      const folder = emptyFolder();
      const act = () => {
        for (const { processId } of ownQuantizers()) process.kill(processId, signal);
      };
      const killed = quantizeLong(folder, act);
      await expect(killed).rejects.toMatchObject({ code: "worker-died", facts: { signal } });
      await expect(killed).rejects.toThrow(/output\.weight/);
      expect(readdirSync(folder)).toEqual([]);
    },
  );

  test("when the caller's own code fails", async () => {
    const folder = emptyFolder();
    const act = () => {
      throw new RangeError("mine");
    };
    await expect(quantizeLong(folder, act)).rejects.toThrow(RangeError);
    expect([readdirSync(folder), ownQuantizers()]).toEqual([[], []]);
  });

  test("when the disk is too small, or fills up in the middle", async ({ skip }) => {
    const folder = emptyFolder();
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", folder], { encoding: "utf8" });
    skip(mounted.status !== 0, `needs the right to mount a disk: ${mounted.stderr}`);
    onTestFinished(() => {
      spawnSync("umount", [folder]);
    });
    const request = { path: tiny, outputPath: join(folder, "out.gguf") };
    await expect(quantizeModel({ ...request, quant: "F32" })).rejects.toMatchObject({ code: "not-enough-space" });
    const onProgress = ({ phase }: { phase: string }) => {
      if (phase === "planned") writeFileSync(join(folder, "filler"), Buffer.alloc(3 * 2 ** 20));
    };
    const filled = quantizeModel({ ...request, quant: "Q8_0", onProgress });
    await expect(filled).rejects.toMatchObject({ code: "disk-full" });
    expect(readdirSync(folder)).toEqual(["filler"]);
  });
});

/** Quantizes the large model in a process of its own, which says when it writes. */
function startOther(folder: string) {
  const code = `
    import { quantizeModel } from "numalab/inference";
    const [path, outputPath] = process.argv.slice(1);
    const onProgress = ({ phase }) => process.stdout.write(phase + "\\n");
    await quantizeModel({ path, quant: "IQ4_XS", outputPath, onProgress });
  `;
  const args = ["--input-type=module", "--eval", code, large, join(folder, "out.gguf")];
  return spawn(process.execPath, args, {
    stdio: ["ignore", "pipe", "inherit"],
    cwd: join(import.meta.dirname, "../.."),
  });
}

test("two processes do not write one file; one that is killed takes its quantizer along, and the next removes its rest", async () => {
  const folder = emptyFolder();
  const other = startOther(folder);
  await new Promise<void>((resolve) => {
    other.stdout.on("data", (said: Buffer) => {
      if (said.includes("writing")) resolve();
    });
  });
  const outputPath = join(folder, "out.gguf");
  await expect(quantize("Q8_0", { outputPath })).rejects.toMatchObject({ code: "already-writing" });
  const itsQuantizers = () => quantizers().filter(({ parentId }) => parentId === other.pid);
  const [worker] = itsQuantizers();
  expect(worker).toBeDefined();
  other.kill("SIGKILL");
  await once(other, "exit");
  await expect
    .poll(() => quantizers().map(({ processId }) => processId), { timeout: 10_000 })
    .not.toContain(worker!.processId);
  expect(readdirSync(folder)).toEqual([`.out.gguf.partial-${other.pid}`]);
  await quantize("Q8_0", { outputPath });
  expect(readdirSync(folder)).toEqual(["out.gguf"]);
});

test("the event loop goes on while it runs", async () => {
  const resolution = 5;
  const delays = monitorEventLoopDelay({ resolution });
  delays.enable();
  await quantizeLong(emptyFolder(), () => undefined);
  delays.disable();
  // On a busy machine a process waits for a CPU now and then, whatever it does itself.
  expect(delays.percentile(99) / 1e6 - resolution).toBeLessThan(20);
});

test("progress goes from the plan to the end, tensor by tensor", async () => {
  const told: string[] = [];
  const written: number[] = [];
  const { fileBytes } = await quantize("Q4_K_M", {
    onProgress({ phase, tensorName, writtenBytes, totalBytes }) {
      told.push(tensorName ?? phase);
      written.push(writtenBytes / totalBytes);
    },
  });
  expect(told.slice(0, 2)).toEqual(["planned", "output.weight"]);
  expect(told.slice(-3)).toEqual(["blk.1.ffn_up.weight", "flushing", "finished"]);
  expect(told).toHaveLength(3 + 21);
  expect(written).toEqual(written.toSorted((a, b) => a - b));
  expect(written.at(-1)).toBe(1);
  expect(fileBytes).toBeGreaterThan(1_000_000);
});
