import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Topology } from "../../sdk/topology/index.ts";
import {
  checkRequirements,
  isAtLeastVersion,
  parseRequirements,
  readRequirements,
} from "../../sdk/host/requirements.ts";
import { machineRoot } from "../measure/machineRoot.ts";
import { regularTopology } from "./plainMachine.ts";
import { refusalOf } from "./tunableMachine.ts";

const machine = (): Topology => ({
  ...regularTopology(),
  root: machineRoot({ "proc/sys/kernel/osrelease": "6.1.0-18-amd64\n" }),
});

test("a host that has everything meets every requirement", async () => {
  const required = { coresCount: 4, memoryBytes: 2 ** 36, isaFlags: ["avx2", "avx512f"], kernelVersion: "5.10" };
  expect(await checkRequirements(required, machine())).toEqual([
    { requirement: "coresCount", needed: "4", found: "4", isMet: true },
    { requirement: "memoryBytes", needed: "64 GiB", found: "64 GiB", isMet: true },
    { requirement: "isaFlags", needed: "avx2, avx512f", found: "all of them", isMet: true },
    { requirement: "kernelVersion", needed: "5.10", found: "6.1.0-18-amd64", isMet: true },
  ]);
});

test("what a host lacks is told with what was found", async () => {
  const required = { coresCount: 8, memoryBytes: 2 ** 40, isaFlags: ["avx2", "amx_int8"], kernelVersion: "6.2" };
  const results = await checkRequirements(required, machine());
  expect(results.map(({ found, isMet }) => [found, isMet])).toEqual([
    ["4", false],
    ["64 GiB", false],
    ["without amx_int8", false],
    ["6.1.0-18-amd64", false],
  ]);
});

test("what nobody knows meets no requirement", async () => {
  const topology = { ...regularTopology(), root: machineRoot({}) };
  const results = await checkRequirements({ freeDiskBytes: 1, kernelVersion: "1" }, topology);
  expect(results).toMatchObject([
    { requirement: "freeDiskBytes", found: "unknown: the disk of a recorded machine is not known", isMet: false },
    { requirement: "kernelVersion", found: expect.stringMatching(/^unknown: /) as string, isMet: false },
  ]);
});

test("a container's limit counts as the memory there is", async () => {
  const topology = machine();
  const limits = { ...topology.limits, memoryBytes: 2 ** 30 };
  expect(await checkRequirements({ memoryBytes: 2 ** 31 }, { ...topology, limits })).toMatchObject([
    { found: "1 GiB", isMet: false },
  ]);
});

test("the disk of this machine is asked where the requirement says", async () => {
  const here = { ...machine(), root: "/" };
  expect(await checkRequirements({ freeDiskBytes: 1 }, here)).toMatchObject([{ isMet: true }]);
  expect(await checkRequirements({ freeDiskBytes: 1, diskFolder: "/no/such/folder" }, here)).toMatchObject([
    { found: "unknown: /no/such/folder gives ENOENT", isMet: false },
  ]);
});

test.each([
  ["6.1.0-18-amd64", "5.10", true],
  ["6.1.0", "6.1", true],
  ["5.9.1", "5.10", false],
  ["5.10", "5.10.1", false],
  ["unknown", "1", false],
])("version %s is at least %s: %s", (version, least, expected) => {
  expect(isAtLeastVersion(version, least)).toBe(expected);
});

describe("a requirements file", () => {
  test("may write bytes as text", async () => {
    const root = machineRoot({ "needs.json": '{"memoryBytes": "32 GiB", "coresCount": 2}' });
    expect(await readRequirements(join(root, "needs.json"))).toEqual({ memoryBytes: 2 ** 35, coresCount: 2 });
  });

  test("that is wrong is refused with what is wrong", async () => {
    const root = machineRoot({ "text.json": "cores: 4" });
    expect(await refusalOf(() => parseRequirements({ cores: 4 }), root)).toMatch(/bad-requirements.*cores/s);
    expect(await refusalOf(() => parseRequirements({ memoryBytes: "much" }), root)).toMatch(
      /memoryBytes: "much".*TiB\. Mend/,
    );
    expect(await refusalOf(() => parseRequirements({ kernelVersion: "new" }), root)).toMatch(/version such as 5.10/);
    expect(await refusalOf(() => readRequirements(join(root, "text.json")), root)).toMatch(/text.json is no JSON/);
    expect(await refusalOf(() => readRequirements(join(root, "none.json")), root)).toMatch(/none.json gives ENOENT/);
  });
});
