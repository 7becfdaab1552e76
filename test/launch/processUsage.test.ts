import { expect, test } from "vitest";
import { parseProcessUsage, parseResidentBytes } from "../../sdk/launch/processUsage.ts";

test("the CPU time of a process is its own and that of the children it has waited for", () => {
  const stat = `711 (llama-server) S 700 705 702 0 -1 4194304 101 0 0 0 1200 34 500 66 20 0 9 0 3392534 3133440 412\n`;
  expect(parseProcessUsage(stat)).toEqual({ groupId: 705, sessionId: 702, cpuSeconds: 18, threadsCount: 9 });
});

test("a name with spaces and parentheses does not shift what follows it", () => {
  const stat = `711 (a) S 1 (b) R) S 700 705 702 0 -1 4194304 101 0 0 0 100 0 0 0 20 0 3 0 3392534 3133440 412\n`;
  expect(parseProcessUsage(stat)).toEqual({ groupId: 705, sessionId: 702, cpuSeconds: 1, threadsCount: 3 });
});

test("resident memory is told in bytes, and unknown for a process that has ended", () => {
  expect(parseResidentBytes("Name:\tnode\nVmHWM:\t    4096 kB\nVmRSS:\t    2048 kB\nThreads:\t1\n")).toBe(2 ** 21);
  expect(parseResidentBytes("Name:\tnode\nState:\tZ (zombie)\nThreads:\t1\n")).toBeNull();
});
