import { expect, test } from "vitest";
import { formatDistances } from "../../sdk/topology/distances.ts";

const numaNodes = [0, 1, 2].map((osIndex) => ({ osIndex, cpus: "", memoryBytes: null, availableBytes: null }));
const textOf = (matrix: readonly (readonly number[])[] | null) =>
  formatDistances({ numaNodes, distances: matrix === null ? null : { nodes: [0, 1, 2], matrix } });

test("distances are told from the own node to the farthest", () => {
  expect(
    textOf([
      [10, 12, 21],
      [12, 10, 21],
      [21, 21, 10],
    ]),
  ).toBe(
    "A node's own memory is at 10, that of other nodes at 12 to 21: firmware claims that the farthest takes 2.1 times as long.",
  );
});

test("10 and 20 are doubted, since the kernel assumes them", () => {
  const even = (other: number) => [
    [10, other, other],
    [other, 10, other],
    [other, other, 10],
  ];
  expect(textOf(even(21))).toBe("A node's own memory is at 10, that of every other node at 21.");
  expect(textOf(even(20))).toMatch(/may be no claim at all\.$/);
});

test("one node and an incomplete table are said to be so", () => {
  expect(textOf(null)).toBe("There are 3 NUMA nodes, and the kernel tells no complete table of their distances.");
  expect(formatDistances({ numaNodes: numaNodes.slice(0, 1), distances: null })).toMatch(/^There is one NUMA node/);
});
