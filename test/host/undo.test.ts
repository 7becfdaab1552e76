import { execFile, execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { applyTuning } from "../../sdk/host/apply.ts";
import { auditHost } from "../../sdk/host/audit.ts";
import { readWritable } from "../../sdk/host/change.ts";
import type { DesiredSettings } from "../../sdk/host/desired.ts";
import { planTuning } from "../../sdk/host/plan.ts";
import { undoTuning } from "../../sdk/host/undo.ts";
import { plannedFor, refusalOf, textAt, tunableFiles, tunableRoot } from "./tunableMachine.ts";

const swappiness = "proc/sys/vm/swappiness";
const balancing = "proc/sys/kernel/numa_balancing";
const bootId = "proc/sys/kernel/random/boot_id";
const journalIn = (root: string) => join(root, "var/lib/numalab");
const apply = async (root: string, desired: DesiredSettings) =>
  applyTuning(await plannedFor(root, desired), { journalFolder: journalIn(root), confirm: true });
const undo = (root: string) => undoTuning({ root, journalFolder: journalIn(root) });

/** What a file means, as `madvise` for `always [madvise] never`. */
const meaning = (text: string) => /\[(.*)\]/.exec(text)?.[1] ?? text.trim();
const stateOf = (root: string) => Object.keys(tunableFiles).map((path) => [path, meaning(textAt(root, path))]);

test("undoing brings every file back, the last change first, and removes the journal", async () => {
  const root = tunableRoot();
  const before = stateOf(root);
  await apply(root, {
    swappiness: 1,
    transparentHugePages: "never",
    governor: "performance",
    turbo: "off",
    smt: "off",
  });
  expect(stateOf(root)).not.toEqual(before);
  const undone = await undo(root);
  expect(undone.map(({ path, outcome }) => [path.split("/").at(-1), outcome])).toEqual([
    ["control", "restored"],
    ["no_turbo", "restored"],
    ["scaling_governor", "restored"],
    ["enabled", "restored"],
    ["swappiness", "restored"],
  ]);
  expect(stateOf(root)).toEqual(before);
  expect(await refusalOf(() => undo(root), root)).toMatch(/^HostError \[no-journal\]/);
});

test("after two applies the oldest values come back", async () => {
  const root = tunableRoot();
  const before = stateOf(root);
  await apply(root, { swappiness: 10 });
  await apply(root, { swappiness: 1, numaBalancing: 0 });
  await undo(root);
  expect(stateOf(root)).toEqual(before);
});

describe("a crash in the middle of applying", () => {
  test.each([
    [1, ["unchanged", "unchanged", "restored"]],
    [2, ["unchanged", "restored", "restored"]],
    [3, ["restored", "restored", "restored"]],
  ])("of a first apply, after %i of three changes, leaves what undoing needs", async (count, outcomes) => {
    const root = tunableRoot();
    const before = stateOf(root);
    const script = `
      import { auditHost } from "./sdk/host/audit.ts";
      import { planTuning } from "./sdk/host/plan.ts";
      import { applyTuning } from "./sdk/host/apply.ts";
      const [root, journalFolder, count] = process.argv.slice(-3);
      let left = Number(count);
      const onProgress = () => (left -= 1) === 0 && process.kill(process.pid, "SIGKILL");
      const plan = planTuning({ swappiness: 1, numaBalancing: 0, governor: "performance" }, await auditHost({ root }));
      await applyTuning(plan, { journalFolder, confirm: true, onProgress });`;
    const args = ["--import", "tsx", "--input-type=module", "-e", script, root, journalIn(root), String(count)];
    const cwd = join(import.meta.dirname, "../..");
    const signal = await new Promise((resolve) => {
      execFile(process.execPath, args, { cwd }, (error) => {
        resolve(error?.signal);
      });
    });
    expect(signal).toBe("SIGKILL");
    expect([textAt(root, swappiness), textAt(root, balancing)]).toEqual(["1", count === 1 ? "1" : "0"]);
    const undone = await undo(root);
    expect(undone.map(({ outcome }) => outcome)).toEqual(outcomes);
    expect(stateOf(root)).toEqual(before);
  });

  test("of a second apply, before it wrote, is undone as well", async () => {
    const root = tunableRoot();
    await apply(root, { swappiness: 10 });
    await apply(root, { swappiness: 1 });
    writeFileSync(join(root, swappiness), "10\n");
    expect(await undo(root)).toMatchObject([{ outcome: "restored", now: "60" }]);
  });
});

test("what the host's restart has reset is left", async () => {
  const root = tunableRoot();
  await apply(root, { swappiness: 1, numaBalancing: 0 });
  writeFileSync(join(root, bootId), "second-boot\n");
  writeFileSync(join(root, swappiness), "30\n");
  writeFileSync(join(root, balancing), "1\n");
  const undone = await undo(root);
  expect(undone.map(({ outcome, now }) => [outcome, now])).toEqual([
    ["reset-by-reboot", "1"],
    ["reset-by-reboot", "30"],
  ]);
  expect(textAt(root, swappiness)).toBe("30");
});

test("what is set anew at each start is left and told apart from what the restart has reset", async () => {
  const root = tunableRoot();
  await apply(root, { swappiness: 1, numaBalancing: 0 });
  writeFileSync(join(root, bootId), "second-boot\n");
  writeFileSync(join(root, balancing), "1\n");
  expect((await undo(root)).map(({ outcome, now }) => [outcome, now])).toEqual([
    ["reset-by-reboot", "1"],
    ["set-at-start", "1"],
  ]);
  expect(textAt(root, swappiness)).toBe("1");
});

test("an apply after a restart starts from the values of that start", async () => {
  const root = tunableRoot();
  await apply(root, { swappiness: 1, numaBalancing: 0 });
  writeFileSync(join(root, bootId), "second-boot\n");
  writeFileSync(join(root, swappiness), "30\n");
  writeFileSync(join(root, balancing), "1\n");
  await apply(root, { swappiness: 1 });
  await undo(root);
  expect([textAt(root, swappiness), textAt(root, balancing)]).toEqual(["30", "1"]);
});

test("a value that somebody else wrote since is left and told", async () => {
  const root = tunableRoot();
  await apply(root, { swappiness: 1 });
  writeFileSync(join(root, swappiness), "45\n");
  expect(await undo(root)).toMatchObject([{ outcome: "changed-since", before: "60", now: "45" }]);
});

test("what cannot be undone stays in the journal", async () => {
  const root = tunableRoot();
  await apply(root, { swappiness: 1, numaBalancing: 0 });
  rmSync(join(root, swappiness));
  expect((await undo(root)).map(({ outcome }) => outcome)).toEqual(["restored", "refused"]);
  writeFileSync(join(root, swappiness), "1\n");
  expect((await undo(root)).map(({ path, outcome }) => [path, outcome])).toEqual([[swappiness, "restored"]]);
});

// One file has all tests that change this machine: two at a time would be refused.
const isRoot = process.platform === "linux" && process.getuid?.() === 0;

test.runIf(isRoot)("this machine's swappiness is changed and comes back", async () => {
  const journalFolder = journalIn(tunableRoot());
  const before = textAt("/", swappiness);
  const plan = await plannedFor("/", { swappiness: before === "59" ? 58 : 59 });
  const [change] = await applyTuning(plan, { journalFolder, confirm: true });
  try {
    expect(change).toMatchObject({ before, refusal: null });
    expect(textAt("/", swappiness)).toBe(change?.after);
  } finally {
    await undoTuning({ journalFolder });
  }
  expect(textAt("/", swappiness)).toBe(before);
});

const answers = (program: string, ...args: string[]) => {
  try {
    execFileSync(program, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};

/** Two ends of a cable that only this test uses. */
const makePair = ["link", "add", "numalab0", "numtxqueues", "2", "numrxqueues", "2", "type", "veth"];
const dropPair = ["link", "del", "numalab0"];
const hasPairs = isRoot && answers("ethtool", "--version") && answers("ip", ...makePair) && answers("ip", ...dropPair);

test.runIf(hasPairs)("an interface of this machine is set and comes back (needs root, ethtool and ip)", async () => {
  execFileSync("ip", makePair);
  onTestFinished(() => {
    execFileSync("ip", dropPair);
  });
  const journalFolder = journalIn(tunableRoot());
  const states = () =>
    Promise.all(["gro", "rx", "tx"].map((parameter) => readWritable("/", `ethtool:numalab0/${parameter}`)));
  const before = await states();
  expect(before).toEqual(["off", "2", "2"]);
  const desired = { interfaces: ["numalab0"], gro: "on", lro: "on", queuesCount: 1 } as const;
  const plan = planTuning({ network: desired }, await auditHost());
  expect(plan.steps.map(({ setting, action }) => [setting, action])).toEqual([
    ["queuesCount", "write"],
    ["queuesCount", "write"],
    ["lro", "impossible"],
    ["gro", "write"],
  ]);
  const changes = await applyTuning(plan, { journalFolder, confirm: true });
  expect(changes.map(({ refusal }) => refusal)).toEqual([null, null, null]);
  expect(await states()).toEqual(["on", "1", "1"]);
  const undone = await undoTuning({ journalFolder });
  expect(undone.map(({ outcome }) => outcome)).toEqual(["restored", "restored", "restored"]);
  expect(await states()).toEqual(before);
});
