import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { measureBandwidth, MeasureError } from "numalab/measure";
import { parseCpuList, probeTopology } from "numalab/topology";
import { beforeAll, expect, test } from "vitest";

const mebibyte = 2 ** 20;
const quick = { randomSeed: 1, samplesCount: 12, sampleSeconds: 0.03, bufferBytesPerThread: 128 * mebibyte };

let cpus: readonly number[];
beforeAll(async () => void (cpus = parseCpuList((await probeTopology()).allowedCpuset)));

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** The measuring processes that a process, this one unless told, has started and that are still there. */
function measuringProcesses(parentId = process.pid): number[] {
  const processIds = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return processIds.map(Number).filter((processId) => {
    const isChild = readOrEmpty(`/proc/${processId}/status`).includes(`PPid:\t${parentId}\n`);
    return isChild && readOrEmpty(`/proc/${processId}/cmdline`).includes("readerProcess.js");
  });
}

test("bandwidth is plausible, pinned and scales, and its process is gone afterwards", { timeout: 30_000 }, async () => {
  const cpuLists = cpus.length > 1 ? [`${cpus[0]}`, `${cpus[0]},${cpus[1]}`] : [`${cpus[0]}`];
  const finished: number[] = [];
  const startedAt = performance.now();
  const bandwidth = await measureBandwidth({
    ...quick,
    cpuLists,
    onProgress: ({ finishedBlocksCount }) => finished.push(finishedBlocksCount),
  });
  expect(performance.now() - startedAt).toBeLessThan(6000);
  expect(finished).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
  expect(bandwidth.pinned).toBe(true);
  expect(measuringProcesses()).toEqual([]);
  for (const point of bandwidth.points) {
    expect(point.samples).toHaveLength(12);
    expect(point.bestBytesPerSecond).toBe(Math.max(...point.samples));
    expect(point.bytesPerSecond).toMatchObject({ count: 12, method: "wilcoxon" });
    expect(point.bestBytesPerSecond).toBeGreaterThan(0.5e9);
    expect(point.bestBytesPerSecond).toBeLessThan(2e12);
  }
  const [one, two = one] = bandwidth.points.map((point) => point.bestBytesPerSecond);
  expect(two! / one!).toBeGreaterThan(0.8);
});

test("the time allowed bounds the number of samples", { timeout: 30_000 }, async () => {
  const { points } = await measureBandwidth({
    ...quick,
    cpuLists: [`${cpus[0]}`],
    samplesCount: 10_000,
    maximumSeconds: 0.3,
  });
  expect(points[0]!.samples.length).toBeGreaterThan(0);
  expect(points[0]!.samples.length).toBeLessThan(30);
});

test("an abort ends the measurement with its reason, and its process", async () => {
  const abort = new AbortController();
  const reason = new Error("enough");
  const onProgress = () => {
    abort.abort(reason);
  };
  const promise = measureBandwidth({ ...quick, cpuLists: [`${cpus[0]}`], signal: abort.signal, onProgress });
  await expect(promise).rejects.toBe(reason);
  expect(measuringProcesses()).toEqual([]);
});

test("an abort before the start starts nothing", async () => {
  const signal = AbortSignal.abort(new Error("never mind"));
  await expect(measureBandwidth({ ...quick, cpuLists: ["0"], signal })).rejects.toThrow("never mind");
});

test("a measuring process that is killed is told with its signal", async () => {
  const onProgress = () => {
    for (const processId of measuringProcesses()) process.kill(processId, "SIGKILL");
  };
  const promise = measureBandwidth({ ...quick, cpuLists: [`${cpus[0]}`], onProgress });
  await expect(promise).rejects.toBeInstanceOf(MeasureError);
  await expect(promise).rejects.toMatchObject({ code: "worker-died", facts: { exitCode: null, signal: "SIGKILL" } });
});

test("a measuring process does not outlive the one that started it", async () => {
  const spec = JSON.stringify({ ...quick, cpuLists: [`${cpus[0]}`], samplesCount: 1000 });
  const program = `import("numalab/measure").then(({ measureBandwidth }) =>
    measureBandwidth({ ...${spec}, onProgress: () => console.log("a block") }))`;
  const parent = spawn(process.execPath, ["-e", program], {
    cwd: import.meta.dirname,
    stdio: ["ignore", "pipe", "inherit"],
  });
  await Promise.race([once(parent.stdout, "data"), once(parent, "exit")]);
  const [processId] = measuringProcesses(parent.pid);
  expect(readOrEmpty(`/proc/${processId}/cmdline`)).not.toBe("");
  parent.kill("SIGKILL");
  await expect.poll(() => readOrEmpty(`/proc/${processId}/cmdline`), { timeout: 5000 }).toBe("");
});

test("a CPU that is not there is refused before anything starts", async () => {
  await expect(measureBandwidth({ ...quick, cpuLists: ["4096"] })).rejects.toMatchObject({ code: "no-such-cpu" });
});
