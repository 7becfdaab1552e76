import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { applyTuning } from "../../sdk/host/apply.ts";
import type { DesiredSettings } from "../../sdk/host/desired.ts";
import { journalFile } from "../../sdk/host/journal.ts";
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

describe("nothing is changed by a journal", () => {
  const change = async (mend: (text: string) => string) => {
    const root = tunableRoot();
    await apply(root, { swappiness: 1 });
    const file = journalFile(journalIn(root));
    writeFileSync(file, mend(readFileSync(file, "utf8")));
    const refusal = await refusalOf(() => undo(root), root);
    expect(textAt(root, swappiness)).toBe("1");
    return refusal;
  };

  test("that was cut off", async () => {
    expect(await change((text) => text.slice(0, 80))).toMatchInlineSnapshot(
      `"HostError [journal-damaged]: The journal <root>/var/lib/numalab/tuning.json is damaged: it is no JSON; needed are the values from before the changes, whole. Nothing was changed. Restart the host, which resets every setting, then remove the file."`,
    );
  });

  test("in which a value was altered", async () => {
    expect(await change((text) => text.replace('"60"', '"61"'))).toMatch(/journal-damaged.*does not fit its digest/);
  });

  test("that names a file which is no setting", async () => {
    expect(await change((text) => text.replace(swappiness, "etc/passwd"))).toMatch(/journal-damaged/);
    expect(await change((text) => text.replace(swappiness, "proc/sys/vm/../../../etc/passwd"))).toMatch(
      /journal-damaged/,
    );
    expect(await change((text) => text.replace(swappiness, "proc/sys/kernel/core_pattern"))).toMatch(
      /journal-damaged.*no file of a setting/,
    );
  });

  test("of a later schema", async () => {
    expect(await change((text) => text.replace("tuning/1", "tuning/2"))).toMatch(/journal-damaged.*tuning\/1/s);
  });

  test("of another host", async () => {
    const root = tunableRoot();
    await apply(root, { swappiness: 1 });
    writeFileSync(join(root, "etc/machine-id"), "fedcba9876543210fedcba9876543210\n");
    expect(await refusalOf(() => undo(root), root)).toMatchInlineSnapshot(
      `"HostError [journal-of-another-host]: The journal <root>/var/lib/numalab/tuning.json is of host 3491fe43d3e9288ce41853d7e17610fb; this is host 978b9a6f680e187dbc5efba1ba244219. Nothing was changed. Name a folder of this host's own, outside of homes that several hosts share."`,
    );
    expect(textAt(root, swappiness)).toBe("1");
  });

  test("that is not there", async () => {
    const root = tunableRoot();
    mkdirSync(journalIn(root), { recursive: true });
    expect(await refusalOf(() => undo(root), root)).toMatchInlineSnapshot(
      `"HostError [no-journal]: There is no journal <root>/var/lib/numalab/tuning.json: nothing that was applied with this folder is left to undo. Name the folder that was used when applying."`,
    );
  });
});

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
