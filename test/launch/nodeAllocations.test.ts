import { expect, test } from "vitest";
import { parseNodeAllocations } from "../../sdk/launch/nodeAllocations.ts";

test("the allocations of a node are hits, misses and foreign ones", () => {
  const numastat =
    "numa_hit 454818910\nnuma_miss 12\nnuma_foreign 0\ninterleave_hit 1118\nlocal_node 454818900\nother_node 22\n";
  expect(parseNodeAllocations(numastat)).toEqual({ hitsCount: 454_818_910, missesCount: 12, foreignCount: 0 });
});

test("a kernel that does not count allocations gives unknown numbers, not zeros", () => {
  const unknown = { hitsCount: null, missesCount: null, foreignCount: null };
  expect(parseNodeAllocations("numa_hit 0\nnuma_miss 0\nnuma_foreign 0\ninterleave_hit 0\n")).toEqual(unknown);
  expect(parseNodeAllocations("")).toEqual(unknown);
});
