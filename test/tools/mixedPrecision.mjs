// Mixes of storage formats against every uniform one of the same size, on real weights:
//   npm run mixed-precision [folder for files in between] [tokens a chunk to choose by] [tokens to judge by]
// The weights of the decoder lie on the grid of Q4_K_M already. What is compared is an F16 copy of them, so the formats that
// are on that grid (tensor by tensor Q4_K, Q5_0, Q6_K or Q8_0) lose next to nothing: labels made of them are no fair test.
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildMix, measureDivergence, measureMix, planMix, startModel } from "numalab/compression";
import { quantizeModel } from "numalab/inference";
import { decoder, missingReason } from "./realModels.mjs";

const [folder = "numalab-out/mixed-precision", chooseTokens = "256", judgeTokens = "512"] = process.argv.slice(2);
const reason = missingReason(decoder);
if (reason !== null) throw new Error(`The bar cannot be measured: ${reason}`);
mkdirSync(folder, { recursive: true });

const path = join(folder, "f16.gguf");
if (!existsSync(path)) await quantizeModel({ path: decoder.path, quant: "F16", isForced: true, outputPath: path });

/** So many tokens of a text, as a text that is one chunk. */
async function chunkOf(engine, file, tokensCount) {
  const tokens = await engine.tokenize(readFileSync(file, "utf8"));
  return { text: tokens.slice(0, Number(tokensCount)), chunkTokensCount: Number(tokensCount) };
}

const reference = await startModel(path);
const choosing = await chunkOf(reference, "README.md", chooseTokens);
const judging = await chunkOf(reference, "sdk/README.md", judgeTokens);

const measurement = await measureMix({
  path,
  ...choosing,
  measurementsPath: join(folder, "measurements.jsonl"),
  onProgress: (what, ratio) => console.error(`${Math.round(100 * ratio)} % ${what}`),
});

async function judge(build) {
  const outputPath = join(folder, "judged.gguf");
  rmSync(outputPath, { force: true });
  await build(outputPath);
  const divergence = await measureDivergence(outputPath, reference, judging);
  const fileBytes = statSync(outputPath).size;
  rmSync(outputPath);
  return { fileBytes, divergence: divergence.meanDivergence, sameTop: divergence.sameTopTokenRatio };
}

const labels = [
  "Q4_0",
  "IQ4_XS",
  "Q4_1",
  "Q2_K",
  "Q3_K_S",
  "Q3_K_M",
  "Q4_K_S",
  "Q4_K_M",
  "Q5_0",
  "Q5_K_M",
  "Q6_K",
  "Q8_0",
];
const results = [];
for (const label of labels) {
  const uniform = await judge((outputPath) => quantizeModel({ path, quant: label, outputPath }));
  const plan = planMix(measurement, { fileBytes: uniform.fileBytes });
  const mixed = await judge((outputPath) => buildMix(plan, { outputPath }));
  const won = mixed.divergence < uniform.divergence && mixed.fileBytes <= uniform.fileBytes;
  results.push({ label, uniform, mixed, predicted: plan.predictedDivergence, won });
  console.error(JSON.stringify(results.at(-1)));
}
await reference.close();
writeFileSync(join(folder, "result.json"), JSON.stringify({ rows: measurement.rows, results }, null, 2));
console.table(
  results.map(({ label, uniform, mixed, predicted, won }) => ({
    label,
    megabytes: (uniform.fileBytes / 1e6).toFixed(1),
    divergence: uniform.divergence.toFixed(5),
    "mix: megabytes": (mixed.fileBytes / 1e6).toFixed(1),
    "mix: divergence": mixed.divergence.toFixed(5),
    predicted: predicted.toFixed(5),
    won,
  })),
);
