import fc from "fast-check";
import { expect, test } from "vitest";
import {
  countCpus,
  formatCpuList,
  intersectCpus,
  parseCpuList,
  parseCpuMask,
  subtractCpus,
} from "../../sdk/topology/cpuList.ts";
import { maskOf } from "../machines/files.ts";

const anyCpus = fc.uniqueArray(fc.nat({ max: 300 })).map((cpus) => cpus.sort((a, b) => a - b));

test("a list reads back as the CPUs it was made of", () => {
  fc.assert(
    fc.property(anyCpus, (cpus) => {
      expect(parseCpuList(formatCpuList(cpus))).toEqual(cpus);
    }),
  );
});

test("a mask and a list of the same CPUs read alike", () => {
  fc.assert(
    fc.property(anyCpus, (cpus) => {
      expect(parseCpuMask(maskOf(cpus, 300))).toEqual(cpus);
    }),
  );
});

test("a list is as short as the kernel writes it", () => {
  expect(formatCpuList([8, 0, 1, 2, 3, 3])).toBe("0-3,8");
  expect(formatCpuList([])).toBe("");
  expect(parseCpuList("0-3,8\n")).toEqual([0, 1, 2, 3, 8]);
  expect(parseCpuMask("00000001,80000000")).toEqual([31, 32]);
});

test("a list of which a part is cut off is what is in one and not in the other", () => {
  fc.assert(
    fc.property(anyCpus, anyCpus, (one, other) => {
      const [list, others] = [formatCpuList(one), formatCpuList(other)];
      const [common, rest] = [intersectCpus(list, others), subtractCpus(list, others)];
      expect(formatCpuList([...parseCpuList(common), ...parseCpuList(rest)])).toBe(list);
      expect(countCpus(common) + countCpus(rest)).toBe(one.length);
      expect(intersectCpus(rest, others)).toBe("");
    }),
  );
});

test("what is no list is refused with the part that is at fault", () => {
  expect(() => parseCpuList("0-3,x")).toThrowErrorMatchingInlineSnapshot(
    `[TopologyError: "x" in the CPU list "0-3,x" is not a number or a rising range up to 1048575. Write it like 0-3,8.]`,
  );
  expect(() => parseCpuList("3-1")).toThrowErrorMatchingInlineSnapshot(
    `[TopologyError: "3-1" in the CPU list "3-1" is not a number or a rising range up to 1048575. Write it like 0-3,8.]`,
  );
  expect(() => parseCpuList("0-99999999999")).toThrow(/up to 1048575/);
  expect(() => parseCpuMask("0-3")).toThrowErrorMatchingInlineSnapshot(
    `[TopologyError: The CPU mask "0-3" is not hexadecimal words of 32 bits between commas. Write it like ff,00000001.]`,
  );
});

test("no text makes anything but a list or the layer's own error", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      for (const parse of [parseCpuList, parseCpuMask]) {
        try {
          parse(text);
        } catch (error) {
          expect(error).toMatchObject({ name: "TopologyError", code: "bad-cpu-list" });
        }
      }
    }),
  );
});
