import { expect, test } from "vitest";
import { dropCaches } from "../../sdk/host/pageCache.ts";
import { machineRoot } from "../measure/machineRoot.ts";
import { refusalOf, textAt } from "./tunableMachine.ts";

test("dropping the caches asks the kernel for both kinds and tells the cache", () => {
  const root = machineRoot({ "proc/sys/vm/drop_caches": "0\n", "proc/meminfo": "Cached: 8 kB\nSwapCached: 4 kB\n" });
  expect(dropCaches({ root, confirm: true })).toEqual({ cachedBytesBefore: 8192, cachedBytesAfter: 8192 });
  expect(textAt(root, "proc/sys/vm/drop_caches")).toBe("3");
});

test("caches stay without confirmation, and where the kernel has no such file", async () => {
  const root = machineRoot({ "proc/sys/vm/drop_caches": "0\n" });
  expect(await refusalOf(() => dropCaches({ root, confirm: false }), root)).toMatch(/not-confirmed/);
  expect(textAt(root, "proc/sys/vm/drop_caches")).toBe("0");
  expect(await refusalOf(() => dropCaches({ root: machineRoot({}), confirm: true }), root)).toMatch(
    /setting-refused.*ENOENT/,
  );
});
