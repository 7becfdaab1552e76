import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { startLaunch } from "numalab/launch";
import { expect, test, vi } from "vitest";
import { firstLineOf, isRunning, membersOf, planOfCount, shell } from "./processes.ts";

const root = join(import.meta.dirname, "../..");

/** It and what it starts ignore all that can be ignored. */
const family = `trap '' TERM HUP INT; sh -c 'sleep 1000 & sleep 1000 & echo ready; wait' & wait`;

const gone = (groupIds: readonly number[]) =>
  vi.waitFor(() => {
    expect(membersOf(groupIds)).toEqual([]);
  }, 20_000);

/** A process that launches two families, and tells their groups when all of them run. */
function startParent(atEnd: string, program = shell(family)) {
  const parent = `
    import { once } from "node:events";
    import { startLaunch } from "numalab/launch";
    const program = ${JSON.stringify(program)};
    const { instances } = await startLaunch(${JSON.stringify(planOfCount(2))}, program);
    await Promise.all(instances.map(({ stdout }) => once(stdout, "data")));
    console.log(JSON.stringify(instances.map(({ processId }) => processId)));
    ${atEnd}`;
  return execa(process.execPath, ["--input-type=module", "-e", parent], { cwd: root, reject: false });
}

test("no child and no grandchild outlives any of twenty-five parents that are killed", async () => {
  const parents = Array.from({ length: 25 }, () => startParent(""));
  const groups = await Promise.all(
    parents.map(async (parent) => {
      const groupIds = JSON.parse(await firstLineOf(parent.stdout)) as number[];
      expect(membersOf(groupIds)).toHaveLength(8);
      parent.kill("SIGKILL");
      return groupIds;
    }),
  );
  await gone(groups.flat());
});

test("nor a parent that ends by itself without stopping them", async () => {
  const parent = startParent("process.exit()");
  await gone(JSON.parse(await firstLineOf(parent.stdout)) as number[]);
});

test("no grandchild outlives any of twenty-five children that are killed", async () => {
  await using launch = await startLaunch(planOfCount(25), shell(family));
  const groupIds = launch.instances.map(({ processId }) => processId);
  await Promise.all(launch.instances.map(({ stdout }) => firstLineOf(stdout)));
  expect(membersOf(groupIds)).toHaveLength(100);
  for (const { processId } of launch.instances) process.kill(processId, "SIGKILL");
  const exits = await Promise.all(launch.instances.map(({ exited }) => exited));
  expect(exits.every(({ signal }) => signal === "SIGKILL")).toBe(true);
  await gone(groupIds);
});

/** What timeout starts is in a group of its own. */
const regrouped = shell("echo up; timeout 1000 sleep 1000; true");

const allOf = (leaderIds: readonly number[]) =>
  vi.waitFor(() => {
    expect(membersOf(leaderIds)).toHaveLength(3 * leaderIds.length);
  }, 20_000);

test("what takes a process group of its own outlives neither a parent that is killed", async () => {
  const parent = startParent("", regrouped);
  const leaderIds = JSON.parse(await firstLineOf(parent.stdout)) as number[];
  await allOf(leaderIds);
  parent.kill("SIGKILL");
  await gone(leaderIds);
});

test("nor a launch that is stopped", async () => {
  const launch = await startLaunch(planOfCount(2), regrouped);
  const leaderIds = launch.instances.map(({ processId }) => processId);
  await allOf(leaderIds);
  await launch.stop();
  await gone(leaderIds);
});

const guardianOf = (parentId: number | undefined) =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && isRunning(Number(name)))
    .find((name) => {
      const [, parent] = readFileSync(`/proc/${name}/stat`, "utf8").replace(/.*\) /s, "").split(" ");
      return Number(parent) === parentId && readFileSync(`/proc/${name}/cmdline`, "utf8").includes("numalab-guardian");
    });

test("a guardian that is killed is replaced", async () => {
  const parent = startParent("");
  const groupIds = JSON.parse(await firstLineOf(parent.stdout)) as number[];
  const first = guardianOf(parent.pid);
  process.kill(Number(first), "SIGKILL");
  await vi.waitFor(() => {
    expect([first, undefined]).not.toContain(guardianOf(parent.pid));
  });
  parent.kill("SIGKILL");
  await gone(groupIds);
});
