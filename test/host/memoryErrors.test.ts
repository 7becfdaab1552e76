import { expect, test } from "vitest";
import { readMemoryErrors } from "../../sdk/host/memoryErrors.ts";
import { machineRoot } from "../measure/machineRoot.ts";

const mc = "sys/devices/system/edac/mc";

test("counted errors are told for each controller and each module", () => {
  const root = machineRoot({
    [`${mc}/mc0/mc_name`]: "Skylake Socket#0 IMC#0\n",
    [`${mc}/mc0/ce_count`]: "7\n",
    [`${mc}/mc0/ue_count`]: "0\n",
    [`${mc}/mc0/dimm0/dimm_label`]: "CPU_SrcID#0_MC#0_Chan#0_DIMM#0\n",
    [`${mc}/mc0/dimm0/dimm_ce_count`]: "7\n",
    [`${mc}/mc0/dimm0/dimm_ue_count`]: "0\n",
    [`${mc}/mc1/ue_count`]: "1\n",
  });
  expect(readMemoryErrors(root).value).toMatchObject([
    {
      name: "mc0 Skylake Socket#0 IMC#0",
      correctedCount: { value: 7 },
      uncorrectedCount: { value: 0 },
      modules: [{ label: "CPU_SrcID#0_MC#0_Chan#0_DIMM#0", correctedCount: { value: 7 } }],
    },
    { name: "mc1", correctedCount: { value: null }, uncorrectedCount: { value: 1 }, modules: [] },
  ]);
});

test("a host that counts none says why instead of 0", () => {
  expect(readMemoryErrors(machineRoot({}))).toEqual({
    value: null,
    reason: "the kernel counts no memory errors here: no EDAC driver, no ECC memory, or a virtual machine",
  });
});
