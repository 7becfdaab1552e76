import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  layerTimesOf,
  operatorTimesOf,
  planSession,
  profileGraph,
  type Session,
  type SessionSpec,
  startSession,
} from "numalab/inference";
import { planLaunch, verifyBinding } from "numalab/launch";
import { decodeOnnx, float32Of, type Tensor, tensorOf, writeOnnx } from "numalab/onnx";
import { seededRandom } from "numalab/stats";
import { probeTopology } from "numalab/topology";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { planWhole } from "./tinyEngine.ts";
import { createFolder, encodeCounter, encodeLayers } from "./tinyGraph.ts";

const instance = await planWhole();
const folder = createFolder();
const model = encodeCounter();
let session: Session;

const start = (spec: Partial<SessionSpec> = {}): Promise<Session> =>
  startSession(planSession({ model, ...spec }, instance));

const floats = (name: string, values: readonly number[]): Tensor => tensorOf(name, Float32Array.from(values));
const valuesOf = (tensor: Tensor | undefined): number[] => [...float32Of(tensor!)];

const isAlive = (processId: number): boolean => existsSync(`/proc/${processId}`);

beforeAll(async () => {
  session = await start();
});

afterAll(async () => {
  await session.close();
  rmSync(folder, { recursive: true });
});

describe("a session", () => {
  test("gives the outputs in the graph's order, or those named", async () => {
    const feeds = [floats("step", [1, 2]), floats("value", [10, 20])];
    expect((await session.run(feeds)).map(({ name }) => name)).toEqual(["next", "doubled"]);
    const [doubled, ...others] = await session.run(feeds, ["doubled"]);
    expect(valuesOf(doubled)).toEqual([22, 44]);
    expect(others).toEqual([]);
  });

  test("states the graph's inputs and every choice", () => {
    expect(session.facts.inputs[0]).toEqual({ name: "value", type: "float32", dimensions: ["size"] });
    expect(session.facts.setting).toMatchObject({ threadsCount: instance.threadsCount, interThreadsCount: 1 });
  });

  test("passes on a tensor of many megabytes", async () => {
    const values = Float32Array.from({ length: 4_000_000 }, (_, index) => index % 1000);
    const [next] = await session.run([tensorOf("value", values), tensorOf("step", values)], ["next"]);
    expect(float32Of(next!)[3_999_999]).toBe(2 * (3_999_999 % 1000));
  });

  test("times rounds within itself", async () => {
    const seconds = await session.time({ feeds: [floats("value", [1]), floats("step", [1])], roundsCount: 5 });
    expect(seconds).toHaveLength(5);
    expect(Math.min(...seconds)).toBeGreaterThan(0);
  });

  test("carries outputs of a step to the next, and tells what each gave", async () => {
    const loop = await session.loop({
      carry: { next: "value" },
      initial: [floats("value", [0])],
      outputs: ["doubled"],
    });
    const given = await loop.run([1, 2, 3].map((step) => [floats("step", [step])]));
    expect(given.map(([doubled]) => valuesOf(doubled))).toEqual([[2], [6], [12]]);
    await loop.run([[floats("step", [10])]]);
    expect((await loop.carried()).map((tensor) => [tensor.name, valuesOf(tensor)])).toEqual([["value", [16]]]);
  });

  test.each<[string, readonly Tensor[], RegExp]>([
    ["too few", [floats("value", [1])], /needed value, step/],
    ["unknown", [floats("value", [1]), floats("other", [1])], /needed value, step/],
    ["of another type", [floats("value", [1]), tensorOf("step", new Int32Array(1))], /int32 \[1\]; needed float32/],
    ["of sizes that differ", [floats("value", [1]), floats("step", [1, 2])], /needed float32 \[size\] where size = 1/],
    ["shorter than they say", [floats("value", [1]), { ...floats("step", [1]), data: new Uint8Array(3) }], /3 bytes/],
  ])("refuses feeds that are %s, and stays usable", async (_, feeds, message) => {
    await expect(session.run(feeds)).rejects.toMatchObject({ code: "invalid-request" });
    await expect(session.run(feeds)).rejects.toThrow(message);
    expect(await session.run([floats("value", [1]), floats("step", [1])])).toHaveLength(2);
  });

  test("refuses outputs that the graph has not", async () => {
    const feeds = [floats("value", [1]), floats("step", [1])];
    await expect(session.run(feeds, ["absent"])).rejects.toMatchObject({ code: "invalid-request" });
  });
});

test("all threads of a session stay on the CPUs of its instance, and each on its own where it is strict", async () => {
  const topology = await probeTopology();
  for (const isStrict of [false, true]) {
    await using bound = await start({ model: encodeLayers(128), isStrict });
    await bound.run([tensorOf("value", new Float32Array(128 * 64), [64, 128])]);
    const binding = await verifyBinding(bound.processId, instance);
    expect(binding.strayThreads).toEqual([]);
  }
  const [narrow] = planLaunch(
    { cpus: instance.cpus.split(/[-,]/)[0]!, bindingWay: instance.bindingWay },
    topology,
  ).instances;
  // More threads than CPUs: unset, onnxruntime would pin the second to a CPU outside.
  const crowded = { ...narrow!, threadsCount: 2 };
  await using bound = await startSession(planSession({ model: encodeLayers(128) }, crowded));
  await bound.run([tensorOf("value", new Float32Array(128 * 64), [64, 128])]);
  expect((await verifyBinding(bound.processId, crowded)).strayThreads).toEqual([]);
});

test("a profile gives the time of each layer, and its parts are the run", async () => {
  const feeds = [tensorOf("value", new Float32Array(512 * 256), [256, 512])];
  const profile = await profileGraph(planSession({ model: encodeLayers(512), threadsCount: 1 }, instance), {
    feeds,
    roundsCount: 5,
  });
  expect(profile.runsCount).toBe(5);
  expect(layerTimesOf(profile).map(({ layerIndex }) => layerIndex)).toEqual([0, 1]);
  expect(operatorTimesOf(profile).map(({ operator, nodesCount }) => [operator, nodesCount])).toEqual([
    ["MatMul", 2],
    ["Sigmoid", 2],
  ]);
  expect(profile.nodes.map(({ operator }) => operator).toSorted()).toEqual(["MatMul", "MatMul", "Sigmoid", "Sigmoid"]);
  const nodesSeconds = profile.nodes.reduce((sum, { seconds }) => sum + seconds, 0);
  expect(nodesSeconds + profile.overheadSeconds).toBeCloseTo(profile.runSeconds, 6);
  expect(profile.overheadSeconds / profile.runSeconds).toBeLessThan(0.2);
});

test("an optimized graph is saved where it is asked for", async () => {
  const optimizedPath = join(folder, "optimized.onnx");
  await (await start({ optimizedPath })).close();
  await using again = await start({ model: optimizedPath });
  expect(again.facts.outputs.map(({ name }) => name)).toEqual(["next", "doubled"]);
});

test.each([
  ["absent", null],
  ["empty", new Uint8Array()],
  ["text", Buffer.from("no graph at all")],
  ["cut off", model.subarray(0, model.length - 20)],
])("a model that is %s is refused with what to do", async (name, bytes) => {
  const path = join(folder, `${name}.onnx`);
  if (bytes !== null) writeFileSync(path, bytes);
  await expect(start({ model: path })).rejects.toMatchObject({ code: "model-load-failed" });
});

test("weights in another file are looked for before native code is", async () => {
  const path = join(folder, "external.onnx");
  await writeOnnx(decodeOnnx(encodeLayers(64)), { path, externalData: "always" });
  const plan = { model: path };
  truncateSync(`${path}.data`, 100);
  await expect(start(plan)).rejects.toMatchObject({ code: "model-load-failed", facts: { modelCode: "truncated" } });
  rmSync(`${path}.data`);
  await expect(start(plan)).rejects.toMatchObject({ facts: { modelCode: "file-unreadable" } });
});

test("damaged bytes are refused with a code, whoever notices them", async () => {
  const random = seededRandom(1);
  const codes = new Set<unknown>();
  for (let round = 0; round < 40; round++) {
    const damaged = Uint8Array.from(model);
    for (let count = 0; count < 4; count++) damaged[Math.floor(random() * model.length)] = Math.floor(random() * 256);
    const error: unknown = await start({ model: damaged }).then(
      (opened) => opened.close(),
      (reason: unknown) => reason,
    );
    if (error !== undefined) codes.add((error as { code?: unknown }).code);
  }
  const known = ["model-load-failed", "not-supported", "worker-died"];
  expect(known).toEqual(expect.arrayContaining([...codes]));
});

test("a model that is removed while it is open goes on running", async () => {
  const path = join(folder, "removed.onnx");
  writeFileSync(path, model);
  await using open = await start({ model: path });
  rmSync(path);
  expect(await open.run([floats("value", [1]), floats("step", [1])])).toHaveLength(2);
});

test("a killed worker is an error with its signal, and a closed session says that it is closed", async () => {
  const doomed = await start();
  process.kill(doomed.processId, "SIGKILL");
  const feeds = [floats("value", [1]), floats("step", [1])];
  await expect(doomed.run(feeds)).rejects.toMatchObject({ code: "worker-died", facts: { signal: "SIGKILL" } });
  await doomed.close();
  await expect(doomed.run(feeds)).rejects.toMatchObject({ code: "closed" });
  expect(isAlive(doomed.processId)).toBe(false);
});

test("a parent that is killed leaves no worker", async () => {
  const script = `
    import { planSession, startSession } from "numalab/inference";
    const session = await startSession(planSession({ model: ${JSON.stringify(join(folder, "counter.onnx"))} }, ${JSON.stringify(instance)}));
    console.log(session.processId);`;
  writeFileSync(join(folder, "counter.onnx"), model);
  const parent = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(parent.stdout, "data")) as [Buffer];
  const processId = Number(line.toString());
  expect(isAlive(processId)).toBe(true);
  parent.kill("SIGKILL");
  await once(parent, "exit");
  execFileSync("tail", [`--pid=${processId}`, "-f", "/dev/null"], { timeout: 10_000 });
  expect(isAlive(processId)).toBe(false);
});
