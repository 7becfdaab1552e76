import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { countCpus, subtractCpus } from "../../sdk/topology/cpuList.ts";
import { probeTopology } from "../../sdk/topology/probe.ts";
import { filesOf, writeFiles } from "../machines/files.ts";
import { plainSpec } from "../machines/spec.ts";

const isLive = process.platform === "linux" && ["x64", "arm64"].includes(process.arch);
const folder = mkdtempSync(join(tmpdir(), "numalab-probe-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test.runIf(isLive)("this machine has CPUs, cores and a node, and this process may use some of each", async () => {
  const topology = await probeTopology();
  expect(topology.root).toBe("/");
  expect(countCpus(topology.cpuset)).toBe(topology.pus);
  expect(subtractCpus(topology.allowedCpuset, topology.cpuset)).toBe("");
  expect(topology.allowedCpuset).not.toBe("");
  expect(topology.numaNodes.length).toBeGreaterThan(0);
  expect(topology.memoryBytes).toBeGreaterThan(0);
  expect(topology.operatingSystem).toMatch(/kernel/);
});

test("a topology is its own JSON", async () => {
  const root = join(folder, "plain");
  writeFiles(filesOf(plainSpec), root);
  const topology = await probeTopology({ root });
  expect(JSON.parse(JSON.stringify(topology))).toEqual(topology);
});

test("a recorded machine is read on any platform", async () => {
  const root = join(folder, "anywhere");
  writeFiles(filesOf(plainSpec), root);
  const topology = await probeTopology({ root, platform: "win32-x64" });
  expect(topology).toMatchObject({ pus: 8, operatingSystem: null, root });
});

test("a platform that cannot be probed live is named with those that can", async () => {
  await expect(probeTopology({ platform: "darwin-arm64" })).rejects.toThrowErrorMatchingInlineSnapshot(
    `[TopologyError: This machine is darwin-arm64; only linux-x64 and linux-arm64 can be probed live. Pass the root of a recorded machine, or run on one of those.]`,
  );
  await expect(probeTopology({ platform: "darwin-arm64" })).rejects.toMatchObject({ code: "unsupported-platform" });
});

test("a root without CPUs is refused with what it holds", async () => {
  const root = join(folder, "other");
  mkdirSync(join(root, "usr"), { recursive: true });
  writeFileSync(join(root, "notes.txt"), "");
  const refusalOf = async (path: string) => {
    const error: unknown = await probeTopology({ root: path }).catch((reason: unknown) => reason);
    return String(error).replaceAll(folder, "<folder>");
  };
  expect(await refusalOf(root)).toMatchInlineSnapshot(
    `"TopologyError [unreadable-root]: <folder>/other holds notes.txt, usr; needed are the files of at least one CPU in sys/devices/system/cpu below it. Pass the folder that holds the sys and proc of a machine, or leave the root out to read this one."`,
  );
  expect(await refusalOf(join(folder, "nowhere"))).toMatchInlineSnapshot(
    `"TopologyError [unreadable-root]: <folder>/nowhere cannot be read (ENOENT); needed are the files of at least one CPU in sys/devices/system/cpu below it. Pass the folder that holds the sys and proc of a machine, or leave the root out to read this one."`,
  );
  expect(await refusalOf(join(root, "notes.txt"))).toMatchInlineSnapshot(
    `"TopologyError [unreadable-root]: <folder>/other/notes.txt cannot be read (ENOTDIR); needed are the files of at least one CPU in sys/devices/system/cpu below it. Pass the folder that holds the sys and proc of a machine, or leave the root out to read this one."`,
  );
  mkdirSync(join(root, "sys/devices/system/cpu"), { recursive: true });
  expect(await refusalOf(root)).toMatch(/unreadable-root/);
});
