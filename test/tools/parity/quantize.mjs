// Quantizing beside llama-quantize with as many threads: time, bytes, how long the event loop waits, and how soon it stops.
import { createHash } from "node:crypto";
import { createReadStream, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { pipeline } from "node:stream/promises";
import { planNativeInstance, quantizeModel } from "numalab/inference";
import { runTool } from "./theirTools.mjs";

const resolutionMilliseconds = 1;

async function digestOf(path) {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

/** Has a file written into a folder of its own, and gives the seconds that took with what `read` finds of it. */
async function timeFile(folder, write) {
  const scratch = mkdtempSync(join(folder, "quantized-"));
  const path = join(scratch, "out.gguf");
  try {
    const startedAt = performance.now();
    await write(path);
    const seconds = (performance.now() - startedAt) / 1000;
    return { seconds, digest: await digestOf(path) };
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

async function runOurs({ folder, path, quant, threadsCount }) {
  const delays = monitorEventLoopDelay({ resolution: resolutionMilliseconds });
  const written = await timeFile(folder, async (outputPath) => {
    delays.enable();
    await quantizeModel({ path, quant, outputPath, threadsCount });
    delays.disable();
  });
  return { ...written, delayMilliseconds: delays.max / 1e6 - resolutionMilliseconds };
}

/** Seconds from the request to stop, in the middle of the writing, to its end. */
async function runStopped({ folder, path, quant, threadsCount }) {
  const stop = new AbortController();
  let stoppedAt = NaN;
  const onProgress = ({ phase }) => {
    if (phase !== "writing" || stop.signal.aborted) return;
    stoppedAt = performance.now();
    stop.abort();
  };
  const request = { path, quant, threadsCount, signal: stop.signal, onProgress };
  await timeFile(folder, (outputPath) => quantizeModel({ ...request, outputPath })).catch((error) => {
    if (error.code !== "aborted") throw error;
  });
  return { stopSeconds: (performance.now() - stoppedAt) / 1000 };
}

/** One group a shape and mix; the original is F16. */
export async function quantizeGroups({ cells, shapes, quants, folder, model }) {
  if (!cells.includes("quantize")) return [];
  const { threadsCount } = await planNativeInstance();
  const groups = [];
  for (const shape of shapes) {
    const path = await model(shape, "F16");
    for (const quant of quants) {
      const side = { folder, path, quant, threadsCount };
      const theirs = (outputPath) => runTool("quantize", [path, outputPath, quant, String(threadsCount)]);
      groups.push({
        title: `${shape} F16 to ${quant}, ${threadsCount} threads`,
        sides: {
          ours: () => runOurs(side),
          theirs: () => timeFile(folder, theirs),
          stopped: () => runStopped(side),
        },
        figures: [
          {
            name: "quantize, time / llama-quantize",
            side: "ours",
            over: "theirs",
            measure: "seconds",
            bar: { most: 1.05 },
          },
          {
            name: "quantize, event loop delay",
            side: "ours",
            measure: "delayMilliseconds",
            unit: " ms",
            bar: { most: 20 },
          },
          { name: "quantize, cancel", side: "stopped", measure: "stopSeconds", unit: " s", bar: { most: 1 } },
          {
            name: "quantize, equal sha256",
            side: "ours",
            equals: "theirs",
            measure: "digest",
            unit: " %",
            bar: { least: 100 },
          },
        ],
      });
    }
  }
  return groups;
}
