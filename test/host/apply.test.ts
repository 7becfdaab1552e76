import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { applyTuning } from "../../sdk/host/apply.ts";
import { journalFile } from "../../sdk/host/journal.ts";
import { plannedFor, refusalOf, textAt, tunableRoot } from "./tunableMachine.ts";

const swappiness = "proc/sys/vm/swappiness";
const journalIn = (root: string) => join(root, "var/lib/numalab");

async function applied(root: string, desired: Parameters<typeof plannedFor>[1], confirm = true) {
  return applyTuning(await plannedFor(root, desired), { journalFolder: journalIn(root), confirm });
}

test("each change is written, read back and told", async () => {
  const root = tunableRoot();
  const changes = await applied(root, { swappiness: 1, turbo: "off", governor: "performance", zoneReclaimMode: 0 });
  expect(changes.map(({ path, before, after, refusal }) => [path.split("/").at(-1), before, after, refusal])).toEqual([
    ["swappiness", "60", "1", null],
    ["scaling_governor", "powersave", "performance", null],
    ["no_turbo", "0", "1", null],
  ]);
  expect(textAt(root, swappiness)).toBe("1");
  expect(textAt(root, "sys/devices/system/cpu/intel_pstate/no_turbo")).toBe("1");
});

test("the journal lies on disk before the first change, for root's eyes only", async () => {
  const root = tunableRoot();
  const plan = await plannedFor(root, { swappiness: 1, numaBalancing: 0 });
  const seen: unknown[] = [];
  const onProgress = () => {
    const { entries } = JSON.parse(readFileSync(journalFile(journalIn(root)), "utf8")) as { entries: unknown[] };
    seen.push(entries);
  };
  await applyTuning(plan, { journalFolder: journalIn(root), confirm: true, onProgress });
  const entry = { bootId: "first-boot", writtenAt: expect.any(String) as string };
  const both = [
    { path: swappiness, before: "60", written: ["1"], ...entry },
    { path: "proc/sys/kernel/numa_balancing", before: "1", written: ["0"], ...entry },
  ];
  expect(seen).toEqual([both, both]);
});

test("a second apply keeps the oldest values", async () => {
  const root = tunableRoot();
  await applied(root, { swappiness: 10 });
  await applied(root, { swappiness: 1, numaBalancing: 0 });
  const { entries } = JSON.parse(readFileSync(journalFile(journalIn(root)), "utf8")) as { entries: unknown[] };
  expect(entries).toMatchObject([
    { path: swappiness, before: "60", written: ["10", "1"] },
    { path: "proc/sys/kernel/numa_balancing", before: "1", written: ["0"] },
  ]);
});

test("an apply that has nothing to change leaves no journal", async () => {
  const root = tunableRoot();
  expect(await applied(root, { swappiness: 60, turbo: "on" })).toEqual([]);
  expect(() => readFileSync(journalFile(journalIn(root)))).toThrow("ENOENT");
});

test("a file that vanished since planning is told and not made anew", async () => {
  const root = tunableRoot();
  const plan = await plannedFor(root, { swappiness: 1, numaBalancing: 0 });
  rmSync(join(root, swappiness));
  const changes = await applyTuning(plan, { journalFolder: journalIn(root), confirm: true });
  expect(changes).toMatchObject([
    { path: swappiness, before: null, refusal: "/proc/sys/vm/swappiness cannot be read any more" },
    { path: "proc/sys/kernel/numa_balancing", refusal: null },
  ]);
  expect(() => textAt(root, swappiness)).toThrow("ENOENT");
});

describe("nothing is changed", () => {
  const unchanged = (root: string) => textAt(root, swappiness) === "60";

  test("without confirmation", async () => {
    const root = tunableRoot();
    expect(await refusalOf(() => applied(root, { swappiness: 1 }, false), root)).toMatchInlineSnapshot(
      `"HostError [not-confirmed]: Applying a plan changes this host for every program on it and was not confirmed. Read what it would do, then pass confirm: true (--yes)."`,
    );
    expect(unchanged(root)).toBe(true);
  });

  test("by a plan that wants to write elsewhere", async () => {
    const root = tunableRoot({ "proc/sys/kernel/core_pattern": "core\n" });
    const { steps } = await plannedFor(root, { swappiness: 1 });
    const plan = { root, steps: [...steps, { ...steps[0]!, path: "proc/sys/kernel/core_pattern", text: "|/x" }] };
    const apply = () => applyTuning(plan, { journalFolder: journalIn(root), confirm: true });
    expect(await refusalOf(apply, root)).toMatch(/bad-settings.*core_pattern/);
    expect(unchanged(root)).toBe(true);
  });

  test("where the journal cannot be written", async () => {
    const root = tunableRoot({ "var/lib": "a file where a folder is needed" });
    expect(await refusalOf(() => applied(root, { swappiness: 1 }), root)).toMatchInlineSnapshot(
      `"HostError [journal-not-writable]: The journal <root>/var/lib/numalab/tuning.json cannot be written (ENOTDIR); it has to be on disk before the first change. Name a folder that root may write to."`,
    );
    expect(unchanged(root)).toBe(true);
  });

  test("beside a damaged journal or one of another host", async () => {
    const root = tunableRoot();
    mkdirSync(journalIn(root), { recursive: true });
    writeFileSync(journalFile(journalIn(root)), "{}");
    expect(await refusalOf(() => applied(root, { swappiness: 1 }), root)).toMatch(/journal-damaged/);
    rmSync(journalFile(journalIn(root)));
    await applied(root, { numaBalancing: 0 });
    writeFileSync(join(root, "etc/machine-id"), "another\n");
    expect(await refusalOf(() => applied(root, { swappiness: 1 }), root)).toMatch(/journal-of-another-host/);
    expect(unchanged(root)).toBe(true);
  });
});

test.runIf(process.platform === "linux")("a kernel that refuses a value is told with its reason", async () => {
  const root = tunableRoot();
  const plan = await plannedFor(root, { swappiness: 1, numaBalancing: 0 });
  // Takes every write and gives nothing back, as a setting that cannot be kept.
  rmSync(join(root, swappiness));
  symlinkSync("/dev/null", join(root, swappiness));
  const changes = await applyTuning(plan, { journalFolder: journalIn(root), confirm: true });
  expect(changes.map(({ refusal }) => refusal)).toEqual([
    '/proc/sys/vm/swappiness says "" after "1" was written',
    null,
  ]);
});
