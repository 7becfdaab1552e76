import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readMemoryModules } from "../../sdk/host/memoryModules.ts";
import { machineRoot } from "../measure/machineRoot.ts";
import { deviceOf } from "./dmiTable.ts";

function rootWith(table: Buffer): string {
  const root = machineRoot({});
  mkdirSync(join(root, "sys/firmware/dmi/tables"), { recursive: true });
  writeFileSync(join(root, "sys/firmware/dmi/tables/DMI"), table);
  return root;
}

test("the firmware's own table is read", async () => {
  const { value } = await readMemoryModules(rootWith(deviceOf({ locator: "DIMM_A1", sizeMebibytes: 8192 })));
  expect(value?.slots).toMatchObject([{ locator: "DIMM_A1", sizeBytes: 8 * 2 ** 30 }]);
});

test("a machine without the table, or with one that lists no slot, says so", async () => {
  expect(await readMemoryModules(machineRoot({}))).toEqual({
    value: null,
    reason: "there is no /sys/firmware/dmi/tables/DMI here",
  });
  expect((await readMemoryModules(rootWith(Buffer.alloc(0)))).reason).toBe("the firmware's tables list no memory slot");
});
