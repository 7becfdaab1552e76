import { expect, test } from "vitest";
import { parseProcessMemory, readProcessMemory } from "../../sdk/inference/processMemory.ts";

const rollup = `559a4c3f2000-7ffd0a5f9000 ---p 00000000 00:00 0                          [rollup]
Rss:               58000 kB
Pss:               31000 kB
Pss_Dirty:         20000 kB
Shared_Clean:      30000 kB
Shared_Dirty:          8 kB
Private_Clean:      8000 kB
Private_Dirty:     19992 kB
`;

test("the memory of a process is what it has alone and what it shares", () => {
  expect(parseProcessMemory(7, rollup)).toEqual({
    processId: 7,
    proportionalBytes: 31_000 * 1024,
    privateBytes: 27_992 * 1024,
    sharedBytes: 30_008 * 1024,
  });
});

test("a process that is gone has no memory to tell of", async () => {
  expect(await readProcessMemory(2 ** 22 + 1)).toBeNull();
});
