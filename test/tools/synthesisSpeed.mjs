// How fast synthetic models are written, and in how much memory.
//   node test/tools/synthesisSpeed.mjs [folder=/dev/shm] [preset=tinyllama-1.1b] [quant=F16] [rounds=5]
// Every round writes the model anew in a process of its own, into a folder that is removed afterwards, and prints MB/s with
// the flush to the disk and the peak of resident memory. Then that of the slowest and the fastest, and the median.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";

const [parent = "/dev/shm", preset = "tinyllama-1.1b", quant = "F16", rounds = "5"] = process.argv.slice(2);

const writer = `
  import { synthesizeModel } from "numalab/model";
  const request = JSON.parse(process.argv[1]);
  const begun = performance.now();
  const { fileBytes } = await synthesizeModel(request);
  const seconds = (performance.now() - begun) / 1000;
  const { maxRSS } = process.resourceUsage();
  console.log(JSON.stringify({ fileBytes, seconds, peakBytes: maxRSS * 1024 }));
`;

function writeOnce() {
  const folder = mkdtempSync(join(parent, "numalab-synthesis-speed-"));
  try {
    const request = JSON.stringify({ preset, quant, randomSeed: 1, folder });
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", writer, request], {
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const rates = [];
for (let round = 1; round <= Number(rounds); round++) {
  const { fileBytes, seconds, peakBytes } = writeOnce();
  const rate = fileBytes / 1e6 / seconds;
  rates.push(rate);
  const written = `${(fileBytes / 1e9).toFixed(2)} GB in ${seconds.toFixed(1)} s`;
  console.log(`${preset} ${quant}: ${written}, ${rate.toFixed(0)} MB/s, peak ${(peakBytes / 1e6).toFixed(0)} MB`);
}
rates.sort((left, right) => left - right);
const [slowest, median, fastest] = [rates[0], rates[Math.floor(rates.length / 2)], rates.at(-1)];
console.log(`slowest ${slowest.toFixed(0)}, median ${median.toFixed(0)}, fastest ${fastest.toFixed(0)} MB/s`);
