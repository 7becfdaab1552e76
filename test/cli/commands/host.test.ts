import { join } from "node:path";
import { expect, test } from "vitest";
import { hostCommand } from "../../../sdk/cli/commands/host.ts";
import { textAt, tunableRoot } from "../../host/tunableMachine.ts";
import { printedBy } from "./printed.ts";

const host = (...args: string[]) => printedBy(hostCommand(), args);
const swappiness = "proc/sys/vm/swappiness";

test("audit and plan print one JSON document each", async () => {
  const root = tunableRoot();
  const audit = JSON.parse((await host("audit", "--root", root, "--json")).stdout) as Record<string, unknown>;
  expect(Object.keys(audit)).toEqual(expect.arrayContaining(["settings", "boot", "devices", "memoryErrors"]));
  const plan = JSON.parse((await host("plan", "--root", root, "--json")).stdout) as { steps: { setting: string }[] };
  expect(plan.steps.map(({ setting }) => setting)).toContain("swappiness");
});

test("apply needs a confirmation, and undo brings everything back", async () => {
  const root = tunableRoot();
  const places = ["--root", root, "--journal", join(root, "journal")];
  expect((await host("apply", ...places)).error).toMatch(/^HostError \[not-confirmed\]/);
  expect(textAt(root, swappiness)).toBe("60");
  const applied = await host("apply", "--preset", "latency", "--yes", ...places);
  expect(applied).toMatchObject({ exitCode: 0, error: null });
  expect(applied.stdout).toContain("changed  /proc/sys/vm/swappiness: 60 → 1");
  expect(textAt(root, swappiness)).toBe("1");
  expect((await host("undo", ...places)).stdout).toContain("restored   /proc/sys/vm/swappiness: 60");
  expect(textAt(root, swappiness)).toBe("60");
  expect((await host("undo", ...places)).error).toMatch(/^HostError \[no-journal\]/);
});

test("a file of wishes and interrupts of chosen devices are understood", async () => {
  const root = tunableRoot({ "wanted.json": '{"swappiness": 5}' });
  const plan = await host("plan", "--root", root, "--desired", join(root, "wanted.json"), "--json");
  expect((JSON.parse(plan.stdout) as { steps: unknown[] }).steps).toMatchObject([
    { setting: "swappiness", wanted: "5" },
  ]);
  const moved = await host("plan", "--root", root, "--irq-devices", "eth0", "--irq-cpus", "0");
  expect(moved.error).toMatch(/^HostError \[no-such-device\]/);
});

test("the units of a memory test are printed and nothing is tested", async () => {
  const { stdout } = await host("memtest", "--units", "weekly", "--bytes", "2GiB");
  expect(stdout).toMatch(/memtester 2048M 1[\s\S]*OnCalendar=weekly/);
});
