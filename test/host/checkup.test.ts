import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkHost } from "../../sdk/host/checkup.ts";
import { formatCheckup } from "../../sdk/host/formatCheckup.ts";
import { needOf } from "../../sdk/host/memoryNeed.ts";
import { deviceOf } from "./dmiTable.ts";
import { smallRoot } from "./plainMachine.ts";

function sickRoot(): string {
  const root = smallRoot({
    "proc/stat": "cpu  100 0 100 700 0 0 0 100 50 0\ncpu0 1 0 0 0 0 0 0 0 0 0\n",
    "proc/sys/vm/zone_reclaim_mode": "1\n",
    "sys/devices/system/edac/mc/mc0/ue_count": "2\n",
    "sys/class/dmi/id/sys_vendor": "Maker\n",
  });
  mkdirSync(join(root, "sys/firmware/dmi/tables"), { recursive: true });
  const slots = [
    deviceOf({ locator: "DIMM_A1", sizeMebibytes: 8192 }),
    deviceOf({ locator: "DIMM_B1", sizeMebibytes: 0 }),
  ];
  writeFileSync(join(root, "sys/firmware/dmi/tables/DMI"), Buffer.concat(slots));
  return root;
}

test("a checkup gathers what was found, the gravest first", async () => {
  const { findings, isFit } = await checkHost({ root: sickRoot() });
  expect(findings.map(({ severity, code }) => `${severity} ${code}`)).toEqual([
    "problem steal",
    "problem empty-channels",
    "problem uncorrected-memory-errors",
    "advice slow-engine-build",
    "advice setting-zone-reclaim-mode",
    "note no-frequency-control",
  ]);
  expect(findings[0]?.found).toBe("10 % of the CPU time since the start went to other guests");
  expect(isFit).toBe(true);
});

test("every finding has its meaning and a remedy", async () => {
  const { findings } = await checkHost({ root: sickRoot(), need: needOf(2 ** 40) });
  for (const { found, meaning, remedy } of findings) expect([found, meaning, remedy]).not.toContain("");
});

test("a host that misses a requirement is not fit", async () => {
  const checkup = await checkHost({ root: smallRoot(), requirements: { coresCount: 2, memoryBytes: 2 ** 50 } });
  expect(checkup.isFit).toBe(false);
  expect(checkup.requirements.map(({ isMet }) => isMet)).toEqual([true, false]);
});

test("the page of a recorded machine says what it cannot know", async () => {
  const root = smallRoot();
  const text = formatCheckup(await checkHost({ root, requirements: { coresCount: 9 } }));
  expect(text.replaceAll(root, "<root>")).toMatchInlineSnapshot(`
    "Generated CPU: packages 1, NUMA nodes 1, cores 2, memory 64 GiB

    advice    the engine runs its build x64; for sse42 the CPU lacks sse4_2 [slow-engine-build]
              integer products of quantized weights take several instructions, and prefill may be bound by them
              → none on this CPU: take a newer one
    note      there is no /sys/firmware/dmi/tables/DMI here [modules-unknown]
              nobody can tell from here whether every memory channel is used and how fast it runs
              → run as root on the host itself, or ask whoever runs it
    note      the kernel counts no memory errors here: no EDAC driver, no ECC memory, or a virtual machine [memory-errors-uncounted]
              memory errors go unseen until results are wrong or the machine stops
              → on a host with ECC memory load its EDAC driver: modprobe the one of the chip set, apt install rasdaemon
    note      the kernel controls no frequency here, as on most virtual machines [no-frequency-control]
              the clock is the hypervisor's or the firmware's affair, and nobody can tell from here what it does
              → set the performance governor on the host of the virtual machine, or the power profile in the firmware

    GPUs      – a recorded machine cannot be asked by systeminformation
    disks     – a recorded machine cannot be asked by systeminformation
    network   – a recorded machine cannot be asked by systeminformation

    NOT MET   coresCount: needed 9, found 2
    This host is not fit."
  `);
});

test.runIf(process.platform === "linux")("this machine is checked without an error", async () => {
  const { findings, inventory } = await checkHost({ need: needOf(2 ** 20) });
  expect(findings.length).toBeGreaterThan(0);
  for (const list of Object.values(inventory) as { value: unknown; reason: unknown }[]) {
    expect([list.value, list.reason]).toContain(null);
  }
});
