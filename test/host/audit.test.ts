import { mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { auditHost } from "../../sdk/host/audit.ts";
import type { Reading } from "../../sdk/host/reading.ts";
import { machineRoot } from "../measure/machineRoot.ts";
import { refusalOf, tunableRoot } from "./tunableMachine.ts";

const link = (root: string, from: string, to: string) => {
  mkdirSync(dirname(join(root, from)), { recursive: true });
  symlinkSync(join(root, to), join(root, from));
};

test("an audit tells every setting in the words that people use", async () => {
  const { settings, boot, irqbalanceIsRunning } = await auditHost({ root: tunableRoot() });
  expect(settings.map(({ name, value, reason }) => [name, value, reason])).toEqual([
    ["swappiness", "60", null],
    ["numaBalancing", "1", null],
    ["zoneReclaimMode", "0", null],
    ["dirtyPercent", "20", null],
    ["dirtyBackgroundPercent", "0", "/proc/sys/vm/dirty_background_bytes is 1048576 and rules instead"],
    ["transparentHugePages", "madvise", null],
    ["transparentHugePagesDefrag", "madvise", null],
    ["energyPreference", "balance_performance", null],
    ["governor", "powersave", null],
    ["governor", "performance", null],
    ["turbo", "on", null],
    ["smt", "on", null],
  ]);
  expect(boot.isolatedCpus.value).toBe("2-3");
  expect(boot.nohzFullCpus.value).toBe("");
  expect(irqbalanceIsRunning.value).toBe(true);
});

test("what a host lacks is null with a reason, never 0", async () => {
  const audit = await auditHost({ root: machineRoot({ "proc/1/comm": "init" }) });
  expect(audit.settings.every(({ value, reason }) => value === null && reason !== null)).toBe(true);
  const { boot, memoryErrors } = audit;
  const readings: Reading<unknown>[] = [boot.commandLine, boot.isolatedCpus, boot.nohzFullCpus, memoryErrors];
  for (const { value, reason } of readings) expect([value, typeof reason]).toEqual([null, "string"]);
  expect(audit.irqbalanceIsRunning.value).toBe(false);
  expect(audit.devices).toEqual([]);
});

test("a recorded machine that is not there is refused", async () => {
  const root = join(machineRoot({}), "nowhere");
  expect(await refusalOf(() => auditHost({ root }), root)).toMatchInlineSnapshot(
    `"HostError [unreadable-root]: There is no folder <root>; needed is one with the proc/ and sys/ that were recorded of a machine. Name such a folder."`,
  );
});

test("policies whose driver lacks a setting say so once", async () => {
  const folder = "sys/devices/system/cpu/cpufreq";
  const files = {
    [`${folder}/policy0/scaling_governor`]: "schedutil",
    [`${folder}/policy10/scaling_governor`]: "schedutil",
  };
  const { settings } = await auditHost({ root: machineRoot(files) });
  expect(settings.filter(({ name }) => name === "energyPreference")).toMatchObject([
    { value: null, reason: "the driver of the frequency policies does not have it" },
  ]);
  expect(settings.filter(({ name }) => name === "governor")).toMatchObject([
    { value: "schedutil" },
    { value: "schedutil" },
  ]);
});

test.each([
  ["sys/devices/system/cpu/cpufreq/boost", "0", "off"],
  ["sys/devices/system/cpu/intel_pstate/no_turbo", "1", "off"],
  ["sys/devices/system/cpu/intel_pstate/no_turbo", "0", "on"],
])("turbo by %s of %s is %s", async (path, text, value) => {
  const { settings } = await auditHost({ root: machineRoot({ [path]: text }) });
  expect(settings.find(({ name }) => name === "turbo")).toMatchObject({ path, value });
});

describe("a device", () => {
  const bridge = "sys/devices/pci0000:3a";
  const nic = `${bridge}/0000:3b:00.0`;
  const drive = `${bridge}/0000:3c:00.0`;
  const gpu = `${bridge}/0000:3d:00.0`;
  const root = () => {
    const files = {
      [`${nic}/class`]: "0x020000\n",
      [`${nic}/numa_node`]: "1\n",
      [`${nic}/current_link_speed`]: "8.0 GT/s PCIe\n",
      [`${nic}/current_link_width`]: "4\n",
      [`${nic}/max_link_speed`]: "16.0 GT/s PCIe\n",
      [`${nic}/max_link_width`]: "16\n",
      [`${nic}/msi_irqs/40`]: "msix\n",
      [`${nic}/msi_irqs/9`]: "msix\n",
      [`${nic}/virtio0/net/eth0/queues/rx-0/x`]: "",
      [`${nic}/virtio0/net/eth0/queues/rx-1/x`]: "",
      [`${nic}/virtio0/net/eth0/queues/tx-0/x`]: "",
      "proc/irq/9/smp_affinity_list": "0-1\n",
      "proc/irq/40/smp_affinity_list": "0,1,2\n",
      [`${drive}/numa_node`]: "-1\n",
      [`${drive}/irq`]: "0\n",
      "sys/devices/virtual/net/lo/operstate": "unknown\n",
      [`${gpu}/class`]: "0x030200\n",
      [`${gpu}/numa_node`]: "0\n",
      [`${gpu}/irq`]: "17\n",
    };
    const folder = machineRoot(files);
    link(folder, `${nic}/virtio0/net/eth0/device`, `${nic}/virtio0`);
    link(folder, "sys/class/net/eth0", `${nic}/virtio0/net/eth0`);
    link(folder, "sys/class/net/lo", "sys/devices/virtual/net/lo");
    link(folder, "sys/class/nvme/nvme0/device", drive);
    for (const path of [nic, drive, gpu]) link(folder, `sys/bus/pci/devices/${path.split("/").at(-1)!}`, path);
    return folder;
  };

  test("is told with its link now and at most, its node and its interrupts", async () => {
    const { devices } = await auditHost({ root: root() });
    expect(devices.map(({ kind, name, pciAddress }) => [kind, name, pciAddress.value])).toEqual([
      ["nic", "eth0", "0000:3b:00.0"],
      ["nvme", "nvme0", "0000:3c:00.0"],
      ["gpu", "0000:3d:00.0", "0000:3d:00.0"],
    ]);
    expect(devices[0]).toMatchObject({
      nodeIndex: { value: 1 },
      link: {
        value: { now: { speed: "8.0 GT/s PCIe", lanesCount: 4 }, most: { speed: "16.0 GT/s PCIe", lanesCount: 16 } },
      },
      interrupts: [
        { interruptIndex: 9, cpus: { value: "0-1" } },
        { interruptIndex: 40, cpus: { value: "0,1,2" } },
      ],
    });
  });

  test("without a node, a link or interrupts says so", async () => {
    const [, drive, gpu] = (await auditHost({ root: root() })).devices;
    expect(drive).toMatchObject({ nodeIndex: { value: null, reason: "the firmware names no NUMA node of it" } });
    expect(drive?.interrupts).toEqual([]);
    expect(gpu?.link.reason).toBe("the kernel tells no PCI Express link of it");
    expect(gpu?.interrupts).toMatchObject([{ interruptIndex: 17, cpus: { value: null } }]);
  });

  test("that is a network interface has its queues counted, without those that software makes", async () => {
    const { network } = await auditHost({ root: root() });
    expect(network).toMatchObject([
      { name: "eth0", receiveQueuesCount: { value: 2 }, sendQueuesCount: { value: 1 }, offloads: { value: null } },
    ]);
  });
});

test.runIf(process.platform === "linux")("this machine is audited without an error", async () => {
  const audit = await auditHost();
  expect(audit.root).toBe("/");
  expect(audit.settings.every(({ value, reason }) => value !== null || reason !== null)).toBe(true);
  expect(audit.settings.find(({ name }) => name === "swappiness")?.value).toMatch(/^\d+$/);
});
