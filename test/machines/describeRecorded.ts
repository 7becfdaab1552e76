import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, test } from "vitest";
import { type Expected, namesIn, readExpected, unpackAll } from "./recorded.ts";

/** Recorded machines. */
export interface RecordedMachines {
  readonly folder: string;
  readonly names: readonly string[];
  /** The unpacked tree of a machine, once the tests run. */
  readonly rootOf: (name: string) => string;
  readonly expectedOf: (name: string) => Expected;
}

/** Tests over the machines that were recorded in our own emulators, and over those of NUMALAB_MACHINES where it is set. */
export function describeRecorded(tests: (machines: RecordedMachines) => void): void {
  const { NUMALAB_MACHINES: others } = process.env;
  for (const folder of [import.meta.dirname, ...(others === undefined ? [] : [others])]) {
    describe(`recorded machines of ${folder === others ? "NUMALAB_MACHINES" : "test/machines"}`, () => {
      describeFolder(folder, tests);
    });
  }
  if (others === undefined) {
    test("recorded machines of NUMALAB_MACHINES", ({ skip }) => {
      skip("it is not set. Set it to a folder of NAME/root.tar.gz with hwloc's answer in NAME/expected.json");
    });
  }
}

function describeFolder(folder: string, tests: (machines: RecordedMachines) => void): void {
  const names = namesIn(folder);
  let unpacked = "";
  beforeAll(async () => {
    unpacked = await unpackAll(folder, names);
  }, 60_000);
  afterAll(() => rm(unpacked, { recursive: true }), 60_000);
  tests({ folder, names, rootOf: (name) => join(unpacked, name), expectedOf: (name) => readExpected(folder, name) });
}
