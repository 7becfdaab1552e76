import { expect, test } from "vitest";
import { readCatalogue, type CatalogueName } from "../../sdk/catalogue/catalogue.ts";
import { schemas } from "../../sdk/catalogue/schemas.ts";
import { unitOf } from "../../sdk/units/index.ts";

const names = Object.keys(schemas) as CatalogueName[];

test("an unknown catalogue is refused with the names of those there are", async () => {
  for (const name of ["toasters", "toString", ""]) {
    await expect(readCatalogue(name as CatalogueName)).rejects.toMatchObject({ code: "unknown-catalogue" });
  }
  await expect(readCatalogue("toasters" as CatalogueName)).rejects.toThrowErrorMatchingInlineSnapshot(
    `[CatalogueError: there is no catalogue "toasters"; needed one of cpus, gpus, isaPeaks, memoryGenerations, models, nonexistentCpus, quantFileSizes, quantTypes. Choose one of those.]`,
  );
});

test.each(names)("every number of %s has its unit in its name", async (name) => {
  for (const row of await readCatalogue(name)) {
    const numbers = Object.entries(row).filter(([, value]) => typeof value === "number");
    expect(
      numbers.map(([key]) => key).filter((key) => unitOf(key) === null && !/Size$|^ropeBase$|^normEpsilon$/.test(key)),
    ).toEqual([]);
  }
});

test.each(names)("no name comes twice in %s", async (name) => {
  const rows: readonly object[] = await readCatalogue(name);
  const keys = rows.map((row) => {
    const { name, model, mix, format, type, isaClass, transfersPerSecond } = row as Record<string, unknown>;
    return JSON.stringify([name, model, mix, format, type, isaClass, transfersPerSecond]);
  });
  expect(new Set(keys).size).toBe(rows.length);
});

test("the peak bandwidth of a CPU is channels × transfers × 8 bytes where no note names another bus", async () => {
  const cpus = await readCatalogue("cpus");
  const plain = cpus.filter(({ note }) => !/-bit|SMI buffers/.test(note ?? ""));
  expect(plain.length).toBeGreaterThan(60);
  for (const { name, memoryChannelsCount, memoryTransfersPerSecond, peakBytesPerSecondPerSocket } of plain) {
    const computed = memoryChannelsCount * memoryTransfersPerSecond * 8;
    expect(Math.abs(computed - peakBytesPerSecondPerSocket), name).toBeLessThan(0.06e9);
  }
});

test("a CPU has no fewer threads than cores and no turbo below its base clock", async () => {
  for (const { name, coresCount, threadsCount, baseHertz, turboHertz } of await readCatalogue("cpus")) {
    expect(threadsCount, name).toBeGreaterThanOrEqual(coresCount);
    expect(turboHertz, name).toBeGreaterThanOrEqual(baseHertz ?? 0);
  }
});

test("a CPU that does not exist is not among those that do", async () => {
  const real = new Set((await readCatalogue("cpus")).map(({ name }) => name));
  for (const { name } of await readCatalogue("nonexistentCpus")) expect(real.has(name), name).toBe(false);
});

test("the bandwidth of a memory generation is transfers × bus width, times its channels", async () => {
  for (const row of await readCatalogue("memoryGenerations")) {
    const channel = (row.transfersPerSecond * row.channelBits) / 8;
    const byChannels = [
      [1, row.bytesPerSecondPerChannel],
      [2, row.twoChannelsBytesPerSecond],
      [4, row.fourChannelsBytesPerSecond],
      [6, row.sixChannelsBytesPerSecond],
      [8, row.eightChannelsBytesPerSecond],
      [12, row.twelveChannelsBytesPerSecond],
    ] as const;
    for (const [channels, bandwidth] of byChannels) {
      if (bandwidth === null) continue;
      expect(Math.abs(bandwidth - channels * channel), `${row.type} × ${channels}`).toBeLessThan(0.06e9);
    }
  }
});

test("the bits of a quantized weight are 8 × block bytes over block weights", async () => {
  const types = await readCatalogue("quantTypes");
  const blocks = types.filter(({ blockWeightsCount, blockBytes }) => blockWeightsCount !== null && blockBytes !== null);
  expect(blocks.length).toBeGreaterThan(30);
  for (const { type, blockWeightsCount, blockBytes, weightBits } of blocks) {
    expect((8 * blockBytes!) / blockWeightsCount!, type).toBe(weightBits);
  }
});

test("the bits a weight of a published file takes are file bits over parameters", async () => {
  for (const { model, mix, fileBytes, parametersCount, effectiveWeightBits } of await readCatalogue("quantFileSizes")) {
    expect(Math.abs((8 * fileBytes) / parametersCount - effectiveWeightBits), `${model} ${mix}`).toBeLessThan(0.001);
  }
});

const decoders = async () => (await readCatalogue("models")).filter(({ family }) => family === "decoder");

/**
 * How far a count may be from the shape's matrices: not at all for a plain decoder; others have norms of heads, biases of
 * every matrix or what chooses experts beside them.
 */
const slackOf = ({ architecture, expertsCount }: { architecture: string | null; expertsCount: number | null }) =>
  ["llama", "qwen2"].includes(architecture ?? "") && expertsCount === null ? 0 : 0.005;

test("the parameters of a decoder follow from its shape", async () => {
  const plain = (await decoders()).filter(({ keyValueLatentSize }) => keyValueLatentSize === null);
  for (const model of plain) {
    const nearly = (left: number, right: number) => Math.abs(left / right - 1) <= slackOf(model);
    const [hidden, layers] = [model.hiddenSize!, model.layersCount];
    const [queries, keys] = [model.headsCount! * model.headSize!, model.kvHeadsCount! * model.headSize!];
    const attention = 2 * hidden * queries + 2 * hidden * keys;
    const { expertsCount, expertsUsedCount, sharedExpertsCount } = model;
    const expert = model.feedForwardMatricesCount! * hidden * (model.expertFeedForwardSize ?? model.feedForwardSize!);
    const always = attention + expert * (sharedExpertsCount ?? 0) + (model.hasQkvBias ? queries + 2 * keys : 0);
    const bodyWith = (count: number) => layers * (always + expert * count + 2 * hidden) + hidden;
    const body = bodyWith(expertsCount ?? 1);
    const active = bodyWith(expertsUsedCount ?? 1);
    const table = model.vocabularyCount * hidden;
    expect(nearly(model.bodyParametersCount, body), model.name).toBe(true);
    expect(model.embeddingParametersCount, model.name).toBe(table);
    expect(model.parametersCount, model.name).toBe(
      model.bodyParametersCount + table * (model.hasTiedEmbeddings ? 1 : 2),
    );
    expect(nearly(model.readParametersCount, active + table), model.name).toBe(true);
    expect(model.kvBytesPerToken, model.name).toBe(2 * 2 * layers * keys);
    expect(nearly(model.prefillOperationsPerToken, 2 * active), model.name).toBe(true);
  }
});

test("the parameters of a model are what llama-bench prints, within its rounding", async () => {
  const printed = (await readCatalogue("models")).filter(
    ({ printedParametersCount }) => printedParametersCount !== null,
  );
  expect(printed.length).toBeGreaterThan(8);
  for (const { name, parametersCount, printedParametersCount } of printed) {
    expect(Math.abs(parametersCount - printedParametersCount!), name).toBeLessThanOrEqual(0.005e9);
  }
});

test.each(["Qwen2.5-0.5B", "TinyLlama-1.1B", "DeepSeek-R1-Distill-Qwen-7B"])(
  "%s has the whole shape that synthesis needs",
  async (name) => {
    const model = (await decoders()).find((row) => row.name === name);
    const {
      huggingfaceId,
      architecture,
      hiddenSize,
      feedForwardSize,
      headsCount,
      kvHeadsCount,
      headSize,
      contextTokensCount,
      hasQkvBias,
    } = model!;
    const shape = [
      huggingfaceId,
      architecture,
      hiddenSize,
      feedForwardSize,
      headsCount,
      kvHeadsCount,
      headSize,
      contextTokensCount,
      hasQkvBias,
    ];
    expect(shape).not.toContain(null);
  },
);
