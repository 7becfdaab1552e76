import { expect, test } from "vitest";
import { auditHost } from "../../sdk/host/audit.ts";
import { tuningPresets, type TuningPreset } from "../../sdk/host/desired.ts";
import { planTuning } from "../../sdk/host/plan.ts";
import { machineRoot } from "../measure/machineRoot.ts";
import { plannedFor, refusalOf, tunableRoot } from "./tunableMachine.ts";

test("a plan tells what is written, what is so already, what a person has to do and what is impossible", async () => {
  const { steps } = await plannedFor(tunableRoot(), {
    swappiness: 1,
    zoneReclaimMode: 0,
    dirtyBackgroundPercent: 5,
    transparentHugePages: "always",
    governor: "performance",
    turbo: "off",
    irqbalance: "stopped",
    isolatedCpus: "1,2,3",
  });
  expect(steps.map(({ setting, action, now, wanted, text }) => [setting, action, now, wanted, text])).toEqual([
    ["irqbalance", "advice", "running", "stopped", null],
    ["swappiness", "write", "60", "1", "1"],
    ["zoneReclaimMode", "none", "0", "0", null],
    ["dirtyBackgroundPercent", "impossible", "0", "5", null],
    ["transparentHugePages", "write", "madvise", "always", "always"],
    ["governor", "write", "powersave", "performance", "performance"],
    ["governor", "none", "performance", "performance", null],
    ["turbo", "write", "on", "off", "1"],
    ["isolatedCpus", "advice", "2-3", "1-3", null],
  ]);
});

test("every step says why, what it costs and how it lasts", async () => {
  const root = tunableRoot();
  const audit = await auditHost({ root });
  for (const preset of Object.keys(tuningPresets)) {
    const { steps } = planTuning(preset as TuningPreset, audit);
    expect(steps.length).toBeGreaterThan(5);
    for (const { why, cost, keep } of steps) {
      expect(why).not.toBe("it was asked for");
      expect(cost).not.toBe("unknown");
      expect(keep).not.toBe("");
    }
  }
});

test("a boot line is advice that needs a restart", async () => {
  const { steps } = await plannedFor(tunableRoot(), { nohzFullCpus: "2-3" });
  expect(steps).toMatchObject([
    {
      action: "advice",
      needsReboot: true,
      keep: "add nohz_full=2-3 to GRUB_CMDLINE_LINUX in /etc/default/grub, then update-grub and reboot",
    },
  ]);
});

test("a value that the kernel does not offer is impossible, with those it offers", async () => {
  const { steps } = await plannedFor(tunableRoot(), { governor: "schedutil" });
  expect(steps[0]).toMatchObject({
    action: "impossible",
    reason: '"schedutil" is not offered for governor: the kernel offers performance, powersave',
  });
});

test("SMT that the machine does not have cannot be switched", async () => {
  const root = tunableRoot({ "sys/devices/system/cpu/smt/control": "notsupported\n" });
  const { steps } = await plannedFor(root, { smt: "off" });
  expect(steps[0]).toMatchObject({ action: "impossible", reason: 'the kernel says "notsupported" of SMT' });
});

test("interrupts go to the CPUs of the device's own node, to those that are named, or away from some", async () => {
  const nic = "sys/devices/pci0000:00/0000:00:03.0";
  const root = tunableRoot({
    "sys/class/net/eth0/device/numa_node": "1\n",
    "sys/class/net/eth0/device/msi_irqs/30": "msix\n",
    "sys/class/net/eth0/device/msi_irqs/31": "msix\n",
    "proc/irq/30/smp_affinity_list": "0-1\n",
    "proc/irq/31/smp_affinity_list": "2,3\n",
    [`${nic}/class`]: "0x020000\n",
  });
  const wantedBy = async (places: { cpus?: string; awayFrom?: string }) => {
    const { steps } = await plannedFor(root, { interrupts: { devices: ["eth0"], ...places } });
    return steps.map(({ path, action, now, wanted }) => [path, action, now, wanted]);
  };
  expect(await wantedBy({ cpus: "own-node" })).toEqual([
    ["proc/irq/30/smp_affinity_list", "write", "0-1", "2-3"],
    ["proc/irq/31/smp_affinity_list", "none", "2-3", "2-3"],
  ]);
  expect(await wantedBy({ cpus: "0" })).toEqual([
    ["proc/irq/30/smp_affinity_list", "write", "0-1", "0"],
    ["proc/irq/31/smp_affinity_list", "write", "2-3", "0"],
  ]);
  const keepsBy = async (irqbalance?: "stopped") =>
    (await plannedFor(root, { irqbalance, interrupts: { devices: ["eth0"], cpus: "0" } })).steps.at(-1)?.keep;
  expect(await keepsBy()).toBe("irqbalance runs and soon moves them again: want it stopped as well");
  expect(await keepsBy("stopped")).toMatch(/^interrupt numbers change/);
  expect((await wantedBy({ awayFrom: "1,2" })).map(([, , , wanted]) => wanted)).toEqual(["0,3", "0,3"]);
  expect((await wantedBy({ cpus: "own-node", awayFrom: "2" })).map(([, , , wanted]) => wanted)).toEqual(["3", "3"]);
  expect((await wantedBy({ cpus: "0-1", awayFrom: "0-3" })).map(([, action]) => action)).toEqual([
    "impossible",
    "impossible",
  ]);
});

test("a bare virtual machine gets a plan of reasons", async () => {
  const { steps } = await plannedFor(machineRoot({}), { ...tuningPresets.latency, irqbalance: "stopped" });
  expect(steps.every(({ action, reason }) => action === "impossible" && reason !== null)).toBe(true);
});

test("bad wishes are refused with what was found and what was needed", async () => {
  const root = tunableRoot();
  const refusal = (desired: object) => refusalOf(() => plannedFor(root, desired), root);
  expect(await refusal({ interrupts: { devices: ["eth9"], cpus: "0" } })).toMatchInlineSnapshot(
    `"HostError [no-such-device]: No device is named "eth9"; this host has none. Name one as an audit lists them."`,
  );
  expect(await refusal({ isolatedCpus: "two" })).toMatchInlineSnapshot(
    `"HostError [bad-settings]: isolatedCpus is "two"; needed is a list of CPUs such as 2-7,10."`,
  );
  const audit = await auditHost({ root });
  expect(await refusalOf(() => planTuning("fast" as TuningPreset, audit), root)).toMatchInlineSnapshot(
    `"HostError [bad-settings]: "fast" is no preset; there are latency, throughput, measurement. Name one of these, or pass the settings themselves."`,
  );
});
