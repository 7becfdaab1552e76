import { expect, test } from "vitest";
import { cpuMaskOf, cpusOfMask } from "../../sdk/study/cpuMask.ts";

test.for([
  ["0x0", ""],
  ["0xb", "0-1,3"],
  ["0x10000000000000001", "0,64"],
] as const)("the mask %s stands for the CPUs %j", ([mask, cpus]) => {
  expect(cpusOfMask(mask)).toBe(cpus);
  expect(cpuMaskOf(cpus)).toBe(mask);
});

test("a mask may stand without 0x, and anything else is none", () => {
  expect(cpusOfMask("F")).toBe("0-3");
  expect(cpusOfMask("0-3")).toBeNull();
});
