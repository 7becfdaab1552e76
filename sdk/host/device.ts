import { basename, dirname } from "node:path";
import { listNames, readNumber, readText, realPathOf } from "./files.ts";
import { absent, found, type Reading } from "./reading.ts";

/** How fast and how wide a PCI Express link is. */
export interface LinkWidth {
  /** As the kernel spells it: `16.0 GT/s PCIe`. */
  readonly speed: string;
  readonly lanesCount: number;
}

/** The PCI Express link of a device, now and at most. */
export interface PciLink {
  readonly now: LinkWidth;
  readonly most: LinkWidth;
}

/** An interrupt of a device and the CPUs that may take it, in the kernel's list notation. */
export interface DeviceInterrupt {
  readonly interruptIndex: number;
  readonly cpus: Reading<string>;
  /** Those of them that the kernel sends it to now. */
  readonly effectiveCpus: Reading<string>;
}

/** A network interface, an NVMe drive or a GPU as the kernel lists it. */
export interface HostDevice {
  readonly kind: "nic" | "nvme" | "gpu";
  readonly name: string;
  /** Its folder below the root; that of the PCI device where there is one. */
  readonly path: string;
  readonly pciAddress: Reading<string>;
  readonly nodeIndex: Reading<number>;
  readonly link: Reading<PciLink>;
  readonly interrupts: readonly DeviceInterrupt[];
}

const isPciAddress = (name: string) => /^[0-9a-f]{4,}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/i.test(name);

/** The PCI device at a folder or right above it: a virtio interface hangs below one. What hangs on USB is on no PCI bus. */
function pciFolderOf(path: string): string | null {
  return [path, dirname(path)].find((folder) => isPciAddress(basename(folder))) ?? null;
}

function readWidth(root: string, path: string, which: "current" | "max"): LinkWidth | null {
  const speed = readText(root, `${path}/${which}_link_speed`).value;
  const lanes = readNumber(root, `${path}/${which}_link_width`).value;
  return speed === null || lanes === null || lanes === 0 || /unknown/i.test(speed)
    ? null
    : { speed, lanesCount: lanes };
}

function readLink(root: string, path: string): Reading<PciLink> {
  const [now, most] = [readWidth(root, path, "current"), readWidth(root, path, "max")];
  if (now !== null && most !== null) return found({ now, most });
  return absent("the kernel tells no PCI Express link of it");
}

function readNode(root: string, path: string): Reading<number> {
  const node = readNumber(root, `${path}/numa_node`);
  return node.value === -1 ? absent("the firmware names no NUMA node of it") : node;
}

function readInterrupts(root: string, path: string): DeviceInterrupt[] {
  const messages = listNames(root, `${path}/msi_irqs`).map(Number);
  const legacy = readNumber(root, `${path}/irq`).value ?? 0;
  const numbers = messages.length > 0 ? messages : legacy > 0 ? [legacy] : [];
  return numbers.map((interruptIndex) => ({
    interruptIndex,
    cpus: readText(root, `proc/irq/${interruptIndex}/smp_affinity_list`),
    effectiveCpus: readText(root, `proc/irq/${interruptIndex}/effective_affinity_list`),
  }));
}

function readDevice(root: string, kind: HostDevice["kind"], folder: string): HostDevice[] {
  const real = realPathOf(root, kind === "gpu" ? folder : `${folder}/device`);
  // An interface without a device is made by software: a bridge, the loopback.
  if (real === null) return [];
  const pciFolder = pciFolderOf(real);
  const path = pciFolder ?? real;
  const nowhere = absent("it is not on a PCI bus");
  return [
    {
      kind,
      name: basename(folder),
      path,
      pciAddress: pciFolder === null ? nowhere : found(basename(pciFolder)),
      nodeIndex: readNode(root, path),
      link: pciFolder === null ? nowhere : readLink(root, path),
      interrupts: readInterrupts(root, path),
    },
  ];
}

const pciDevices = "sys/bus/pci/devices";

/** The PCI classes of display controllers and of processing accelerators. */
const isGraphicsClass = (text: string | null) => /^0x(03|12)/.test(text ?? "");

/**
 * The network interfaces, NVMe drives and GPUs of the host below a root, each with its link, its NUMA node and its interrupts.
 * @see https://docs.kernel.org/PCI/sysfs-pci.html
 */
export function readDevices(root: string): HostDevice[] {
  const nics = listNames(root, "sys/class/net").map((name) => `sys/class/net/${name}`);
  const drives = listNames(root, "sys/class/nvme").map((name) => `sys/class/nvme/${name}`);
  const graphics = listNames(root, pciDevices)
    .map((name) => `${pciDevices}/${name}`)
    .filter((path) => isGraphicsClass(readText(root, `${path}/class`).value));
  return [
    ...nics.flatMap((folder) => readDevice(root, "nic", folder)),
    ...drives.flatMap((folder) => readDevice(root, "nvme", folder)),
    ...graphics.flatMap((folder) => readDevice(root, "gpu", folder)),
  ];
}
