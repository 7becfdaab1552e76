import { parseDmidecode } from "./dmidecode.ts";
import { readBytes } from "./files.ts";
import type { MemoryModules } from "./memorySlot.ts";
import { memoryModulesOf } from "./memoryTable.ts";
import { absent, found, type Reading } from "./reading.ts";

const tableFile = "sys/firmware/dmi/tables/DMI";

async function askDmidecode(): Promise<MemoryModules | null> {
  const { execa } = await import("execa");
  const { failed, stdout } = await execa("dmidecode", ["--type", "memory"], { reject: false, stdin: "ignore" });
  return failed ? null : parseDmidecode(stdout);
}

/**
 * The memory slots of the host below a root as its firmware lists them, by dmidecode where only that is there; or why not.
 * @see https://docs.kernel.org/admin-guide/abi-testing.html the table is readable by root only
 */
export async function readMemoryModules(root: string): Promise<Reading<MemoryModules>> {
  const table = readBytes(root, tableFile);
  const told = table.value !== null ? memoryModulesOf(table.value) : root === "/" ? await askDmidecode() : null;
  if (told === null) return absent(table.reason ?? `/${tableFile} is not understood`);
  return told.slots.length > 0 ? found(told) : absent("the firmware's tables list no memory slot");
}
