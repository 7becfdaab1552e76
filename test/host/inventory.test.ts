import { expect, test } from "vitest";
import { readInventory } from "../../sdk/host/inventory.ts";

test("a recorded machine cannot be asked for its devices, and says so", async () => {
  const { gpus, disks, interfaces } = await readInventory("/recorded");
  const reason = "a recorded machine cannot be asked by systeminformation";
  expect([gpus, disks, interfaces]).toEqual(Array(3).fill({ value: null, reason }));
});

test.runIf(process.platform === "linux")("what the library lists is told, or why it lists nothing", async () => {
  for (const { value, reason } of Object.values(await readInventory("/")) as { value: unknown; reason: unknown }[]) {
    if (value === null) expect(reason).toMatch(/^systeminformation /);
    else expect(value).not.toHaveLength(0);
  }
});
