import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readRuns } from "numalab/record";
import { describe, expect, test } from "vitest";

const main = join(import.meta.dirname, "../../../dist/sdk/cli/main.js");
// A one-layer model of a true shape: quick to write, quick to run.
const quick = ["--synthetic", "--preset", "qwen2.5-0.5b", "--depth", "1", "--budget", "2"];

interface Place {
  readonly data: string;
  readonly args: readonly string[];
}

function placeOf(): Place {
  const data = mkdtempSync(join(tmpdir(), "numalab-diagnose-"));
  return { data, args: [main, "diagnose", ...quick, "--data", data, "--out", join(data, "out")] };
}

/** What tells the processes of a place, and all that they start, from others. */
const environmentOf = ({ data }: Place) => ({ ...process.env, NUMALAB_DATA: data });

const run = (place: Place, ...more: string[]) =>
  spawnSync(process.execPath, [...place.args, ...more], {
    encoding: "utf8",
    timeout: 100_000,
    env: environmentOf(place),
  });

/** Process ids of the engines of this place. */
function workersOf({ data }: Place): number[] {
  const read = (name: string, file: string) => readFileSync(`/proc/${name}/${file}`, "utf8").split("\0");
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const isWorker = read(name, "cmdline").some((word) => word.endsWith("/inference/worker/main.js"));
        return isWorker && read(name, "environ").includes(`NUMALAB_DATA=${data}`);
      } catch {
        return false;
      }
    })
    .map(Number);
}

const recordsOf = ({ data }: Place): string[] =>
  existsSync(join(data, "runs"))
    ? readdirSync(join(data, "runs"), { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".jsonl"))
    : [];

const linesOf = (place: Place): number =>
  recordsOf(place).reduce(
    (sum, name) => sum + readFileSync(join(place.data, "runs", name), "utf8").split("\n").length - 1,
    0,
  );

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error("waited for a minute in vain");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Starts a diagnosis and resolves once it has timed a few runs. */
async function startUntilRuns(place: Place): Promise<ChildProcess> {
  const child = spawn(process.execPath, [...place.args, "--budget", "60"], {
    stdio: ["ignore", "ignore", "pipe"],
    env: environmentOf(place),
  });
  await until(() => linesOf(place) >= 6);
  expect(workersOf(place)).not.toEqual([]);
  return child;
}

const exitOf = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) =>
    child.once("exit", (code) => {
      resolve(code);
    }),
  );

test("a diagnosis prints one JSON document, and leaves a page, its Markdown twin and records", async () => {
  const place = placeOf();
  const { status, stdout, stderr } = run(place, "--json");
  expect(stderr).toContain("Written:");
  expect(status).toBe(0);
  const diagnosis = JSON.parse(stdout) as {
    answer: unknown[];
    caveats: { rule: string }[];
    measured: { synthetic: boolean }[];
  };
  expect(diagnosis.answer.length).toBeGreaterThan(0);
  expect(diagnosis.caveats.map(({ rule }) => rule)).toContain("synthetic-weights");
  expect(diagnosis.measured.every(({ synthetic }) => synthetic)).toBe(true);
  const html = readFileSync(join(place.data, "out/diagnosis.html"), "utf8");
  expect(html.length).toBeLessThan(6e6);
  expect(readFileSync(join(place.data, "out/diagnosis.md"), "utf8")).toMatch(/^# .*\n[^]*## The answer[^]*## Caveats/);
  const { runs, warnings } = await readRuns(join(place.data, "runs"));
  expect(warnings).toEqual([]);
  expect(new Set(runs.map(({ kind }) => kind))).toEqual(new Set(["bandwidth", "decode", "prefill"]));
  expect(runs.at(-1)?.kind).toBe("bandwidth");
  expect(
    new Set(runs.filter(({ kind }) => kind === "bandwidth").map((one) => one.repetitionIndex)).size,
  ).toBeGreaterThan(1);
  expect(workersOf(place)).toEqual([]);
});

describe("interrupted", () => {
  test("by Ctrl-C, it exits with 130, leaves no process, and goes on when it is run again", async () => {
    const place = placeOf();
    const child = await startUntilRuns(place);
    const exited = exitOf(child);
    child.kill("SIGINT");
    expect(await exited).toBe(130);
    await until(() => workersOf(place).length === 0);
    const before = await readRuns(join(place.data, "runs"));
    expect(before.warnings).toEqual([]);
    const { status, stderr } = run(place);
    expect(stderr).toContain("Continued an interrupted study");
    expect(status).toBe(0);
    const after = await readRuns(join(place.data, "runs"));
    expect(after.warnings).toEqual([]);
    expect(after.runs.at(-1)?.kind).toBe("bandwidth");
    const ids = new Set(after.runs.map(({ id }) => id));
    expect(before.runs.every(({ id }) => ids.has(id))).toBe(true);
    expect(new Set(after.runs.map(({ study }) => study)).size).toBe(1);
  });

  test("by kill -9, it leaves no worker behind and finished runs readable", async () => {
    const place = placeOf();
    const child = await startUntilRuns(place);
    const exited = exitOf(child);
    child.kill("SIGKILL");
    await exited;
    await until(() => workersOf(place).length === 0);
    const { runs } = await readRuns(join(place.data, "runs"));
    expect(runs.length).toBeGreaterThanOrEqual(6);
    expect(run(place).stderr).toContain("Continued an interrupted study");
  });

  test("by the death of a worker, it says how it died, keeps the runs, and goes on later", async () => {
    const place = placeOf();
    const child = await startUntilRuns(place);
    let stderr = "";
    child.stderr?.on("data", (text: Buffer) => {
      stderr += text.toString();
    });
    const exited = exitOf(child);
    for (const worker of workersOf(place)) process.kill(worker, "SIGKILL");
    expect(await exited).toBe(1);
    expect(stderr).toContain("EngineError [worker-died]");
    expect(stderr).toContain("SIGKILL");
    expect(run(place).stderr).toContain("Continued an interrupted study");
  });

  test("a finished study asked again is a new study", async () => {
    const place = placeOf();
    run(place);
    run(place);
    const { runs } = await readRuns(join(place.data, "runs"));
    expect(new Set(runs.map(({ study }) => study)).size).toBe(2);
  });
});
