// From the start of a process to an engine that is ready, beside the public calls; the file lies in the page cache.
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { planEngine, planNativeInstance, startEngine } from "numalab/inference";
import { startPublicCalls } from "./theirTools.mjs";

async function warm(path) {
  for await (const _ of createReadStream(path, { highWaterMark: 2 ** 22 }));
}

async function secondsOf(start) {
  const startedAt = performance.now();
  const end = await start();
  const seconds = (performance.now() - startedAt) / 1000;
  await end();
  return { seconds };
}

async function startOurs(modelPath, { instance, useMmap }) {
  const engine = await startEngine(planEngine({ modelPath, driver: "llama", useMmap }, instance));
  return () => engine.close();
}

async function startTheirs(task) {
  const child = startPublicCalls(task);
  const exited = once(child, "exit");
  const [said] = await Promise.race([once(child.stdout, "data"), exited]);
  if (typeof said === "number") throw new Error(`the public calls ended with exit code ${said}`);
  return () => exited;
}

/** One group a shape, in Q4_0: with weights in memory of the engine's own, and with the file mapped as theirs is. */
export async function startGroups({ cells, shapes, model }) {
  if (!cells.includes("start")) return [];
  const instance = await planNativeInstance();
  const { threadsCount } = instance;
  const groups = [];
  for (const shape of shapes) {
    const modelPath = await model(shape, "Q4_0");
    const warmly = (start) => async () => {
      await warm(modelPath);
      return secondsOf(start);
    };
    const figure = { over: "theirs", measure: "seconds" };
    groups.push({
      title: `${shape} Q4_0`,
      sides: {
        ours: warmly(() => startOurs(modelPath, { instance, useMmap: false })),
        mapped: warmly(() => startOurs(modelPath, { instance, useMmap: true })),
        theirs: warmly(() => startTheirs({ modelPath, threadsCount })),
      },
      figures: [
        { ...figure, name: "spawn to ready / public calls", side: "ours", bar: { most: 0.6 } },
        { ...figure, name: "spawn to ready, mapped / public calls", side: "mapped" },
      ],
    });
  }
  return groups;
}
