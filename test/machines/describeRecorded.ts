import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, test } from "vitest";
import { type Expected, namesIn, readExpected, unpackAll } from "./recorded.ts";

/** The recorded machines that the environment names. */
export interface RecordedMachines {
  readonly folder: string;
  readonly names: readonly string[];
  /** The unpacked tree of a machine, once the tests run. */
  readonly rootOf: (name: string) => string;
  readonly expectedOf: (name: string) => Expected;
}

/** Tests over the recorded machines of NUMALAB_MACHINES; without it, one that says why none is run. */
export function describeRecorded(tests: (machines: RecordedMachines) => void): void {
  describe("recorded machines", () => {
    const folder = process.env["NUMALAB_MACHINES"];
    if (folder === undefined) {
      test.skip("not run: NUMALAB_MACHINES is unset; set it to a folder of NAME/root.tar.gz with hwloc's answer in NAME/expected.json", () => {});
      return;
    }
    const names = namesIn(folder);
    let unpacked = "";
    beforeAll(async () => {
      unpacked = await unpackAll(folder, names);
    }, 60_000);
    afterAll(() => rm(unpacked, { recursive: true }), 60_000);
    tests({ folder, names, rootOf: (name) => join(unpacked, name), expectedOf: (name) => readExpected(folder, name) });
  });
}
