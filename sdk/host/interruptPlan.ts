import { formatCpuList, parseCpuList, subtractCpus, type CpuList } from "../topology/index.ts";
import type { HostAudit } from "./audit.ts";
import { chosenOf } from "./chosen.ts";
import type { DesiredInterrupts, DesiredSettings } from "./desired.ts";
import type { DeviceInterrupt, HostDevice } from "./device.ts";
import { HostError } from "./errors.ts";
import { explanationOf } from "./explanation.ts";
import { writableOf } from "./setting.ts";
import type { TuningStep } from "./tuning.ts";
import { absent, found, mapped, type Reading } from "./reading.ts";

/** The list in the kernel's own form. */
function listOf(text: string): string {
  try {
    const cpus = parseCpuList(text);
    if (cpus.length > 0) return formatCpuList(cpus);
  } catch {
    // Told below, with what was needed.
  }
  const message = `"${text}" names no CPUs for interrupts; needed is a list such as 0-3,8, or own-node.`;
  throw new HostError("bad-settings", message, { facts: { found: text } });
}

/** The CPUs that a device's interrupts may go to before any are spared. */
function placesFor(device: HostDevice, cpus: CpuList | undefined, { nodes }: HostAudit): Reading<CpuList> {
  if (cpus === undefined) return found(formatCpuList(nodes.flatMap((node) => parseCpuList(node.cpus))));
  if (cpus !== "own-node") return found(listOf(cpus));
  return mapped(device.nodeIndex, (index) => nodes.find(({ osIndex }) => osIndex === index)?.cpus ?? "");
}

function targetFor(device: HostDevice, desired: DesiredInterrupts, audit: HostAudit): Reading<CpuList> {
  const places = placesFor(device, desired.cpus, audit);
  if (places.reason !== null) return places;
  const spared = desired.awayFrom === undefined ? "" : listOf(desired.awayFrom);
  const left = subtractCpus(places.value, spared);
  return left === "" ? absent(`no CPU is left for the interrupts of ${device.name}`) : found(left);
}

function stepOf(interrupt: DeviceInterrupt, device: HostDevice, target: Reading<string>): TuningStep {
  const path = `proc/irq/${interrupt.interruptIndex}/smp_affinity_list`;
  const now = interrupt.cpus.value === null ? null : writableOf(path, interrupt.cpus.value);
  const reason = interrupt.cpus.reason ?? target.reason;
  const wanted = target.value ?? "other CPUs";
  const action = reason !== null ? "impossible" : now === wanted ? "none" : "write";
  return {
    ...{ setting: "interruptCpus", device: device.name, path, now, wanted, action, reason },
    ...explanationOf("interruptCpus", wanted),
    text: action === "write" ? wanted : null,
    needsReboot: false,
    keep: "interrupt numbers change between starts: apply again after each one",
  };
}

/** One step for each interrupt of the chosen devices. */
export function interruptSteps({ interrupts, irqbalance }: DesiredSettings, audit: HostAudit): TuningStep[] {
  if (interrupts === undefined) return [];
  const { devices, irqbalanceIsRunning } = audit;
  const chosen =
    interrupts.devices === "all" ? devices : chosenOf(interrupts.devices, { items: devices, noun: "device" });
  const steps = chosen.flatMap((device) => {
    const target = targetFor(device, interrupts, audit);
    return device.interrupts.map((interrupt) => stepOf(interrupt, device, target));
  });
  if (irqbalance === "stopped" || irqbalanceIsRunning.value !== true) return steps;
  return steps.map((step) => ({ ...step, keep: "irqbalance runs and soon moves them again: want it stopped as well" }));
}
