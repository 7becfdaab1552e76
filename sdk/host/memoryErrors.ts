import { listNames, readNumber, readText } from "./files.ts";
import { absent, found, type Reading } from "./reading.ts";

/** What one memory module was caught at since the kernel started. */
export interface ModuleErrors {
  readonly label: string;
  readonly correctedCount: Reading<number>;
  readonly uncorrectedCount: Reading<number>;
}

/** What one memory controller counted since the kernel started. */
export interface ControllerErrors {
  readonly name: string;
  readonly correctedCount: Reading<number>;
  readonly uncorrectedCount: Reading<number>;
  readonly modules: readonly ModuleErrors[];
}

const folder = "sys/devices/system/edac/mc";

function readModules(root: string, controller: string): ModuleErrors[] {
  const names = listNames(root, `${folder}/${controller}`).filter((name) => /^(dimm|rank)\d+$/.test(name));
  return names.map((name) => {
    const path = `${folder}/${controller}/${name}`;
    return {
      label: readText(root, `${path}/dimm_label`).value || name,
      correctedCount: readNumber(root, `${path}/dimm_ce_count`),
      uncorrectedCount: readNumber(root, `${path}/dimm_ue_count`),
    };
  });
}

/**
 * The errors that memory controllers counted (EDAC), or why nobody counts them.
 * @see https://docs.kernel.org/admin-guide/RAS/main.html
 */
export function readMemoryErrors(root: string): Reading<readonly ControllerErrors[]> {
  const names = listNames(root, folder).filter((name) => /^mc\d+$/.test(name));
  if (names.length === 0) {
    return absent("the kernel counts no memory errors here: no EDAC driver, no ECC memory, or a virtual machine");
  }
  return found(
    names.map((name) => ({
      name: `${name} ${readText(root, `${folder}/${name}/mc_name`).value ?? ""}`.trim(),
      correctedCount: readNumber(root, `${folder}/${name}/ce_count`),
      uncorrectedCount: readNumber(root, `${folder}/${name}/ue_count`),
      modules: readModules(root, name),
    })),
  );
}
