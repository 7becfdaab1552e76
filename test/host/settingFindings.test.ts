import { expect, test } from "vitest";
import { auditHost } from "../../sdk/host/audit.ts";
import { found } from "../../sdk/host/reading.ts";
import { settingFindings } from "../../sdk/host/settingFindings.ts";
import { machineRoot } from "../measure/machineRoot.ts";
import { regularTopology } from "./plainMachine.ts";
import { tunableRoot } from "./tunableMachine.ts";

const gibi = 2 ** 30;
const memory = {
  totalBytes: 64 * gibi,
  availableBytes: 32 * gibi,
  swapBytes: gibi,
  idleHugePagesBytes: 0,
  pressureRatio: null,
  nodes: [],
};

async function codesOf(root: string, changed: object = {}) {
  const topology = regularTopology({ packagesCount: 2 });
  const findings = settingFindings(await auditHost({ root }), topology, { ...memory, ...changed });
  return findings.map(({ code, found: text }) => `${code}: ${text}`);
}

test("settings that cost speed are advice, once each, with the command", async () => {
  const audit = await auditHost({
    root: tunableRoot({ "sys/kernel/mm/transparent_hugepage/enabled": "always madvise [never]" }),
  });
  const findings = settingFindings(audit, regularTopology({ packagesCount: 2 }), memory);
  expect(findings.map(({ code, found: text }) => [code, text])).toEqual([
    ["setting-swappiness", "swappiness is 60, not 10"],
    ["setting-numa-balancing", "numaBalancing is 1, not 0"],
    ["setting-transparent-huge-pages", "transparentHugePages is never, not madvise"],
    ["setting-energy-preference", "energyPreference is balance_performance, not performance"],
    ["setting-governor", "governor is powersave, not performance"],
  ]);
  expect(findings[0]?.remedy).toBe(
    "echo 10 > /proc/sys/vm/swappiness as root, or numalab host apply, which can be undone",
  );
});

test("swapping without swap and balancing on one node are no fault", async () => {
  const audit = await auditHost({ root: tunableRoot() });
  const findings = settingFindings(audit, regularTopology(), { ...memory, swapBytes: 0 });
  expect(findings.map(({ code }) => code)).toEqual(["setting-energy-preference", "setting-governor"]);
});

test("a machine without frequency control says so", async () => {
  expect(await codesOf(machineRoot({}))).toEqual([
    "no-frequency-control: the kernel controls no frequency here, as on most virtual machines",
  ]);
});

test("huge pages that nobody uses are memory lost", async () => {
  expect(await codesOf(machineRoot({}), { idleHugePagesBytes: 8 * gibi })).toContain(
    "idle-huge-pages: 8 GiB are set aside for huge pages and unused",
  );
});

test("a link narrower or slower than it could be is found, an idle GPU's low speed is not", async () => {
  const audit = await auditHost({ root: machineRoot({}) });
  const [gen3, gen4] = ["8.0 GT/s PCIe", "16.0 GT/s PCIe"];
  const device = (kind: "nic" | "nvme" | "gpu", speed: string, lanesCount: number) => ({
    ...{ kind, name: `${kind}0`, path: "", interrupts: [], pciAddress: found("0000:01:00.0"), nodeIndex: found(0) },
    link: found({ now: { speed, lanesCount }, most: { speed: gen4, lanesCount: 16 } }),
  });
  const devices = [device("nic", gen4, 16), device("nvme", gen3, 16), device("gpu", gen3, 16), device("gpu", gen4, 8)];
  const findings = settingFindings({ ...audit, devices }, regularTopology(), memory);
  expect(findings.filter(({ code }) => code === "narrow-link").map(({ found: text }) => text)).toEqual([
    "nvme0 runs at 8.0 GT/s PCIe ×16 and can do 16.0 GT/s PCIe ×16",
    "gpu0 runs at 16.0 GT/s PCIe ×8 and can do 16.0 GT/s PCIe ×16",
  ]);
});
