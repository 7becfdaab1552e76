import { formatCpuList, parseCpuList, subtractCpus } from "../topology/index.ts";
import { counted, formatQuantity } from "../units/index.ts";
import type { AppliedChange } from "./apply.ts";
import type { HostAudit } from "./audit.ts";
import type { HostDevice, LinkWidth } from "./device.ts";
import { grouped } from "./grouped.ts";
import type { Channels, Offload } from "./ethtool.ts";
import type { ControllerErrors } from "./memoryErrors.ts";
import type { NetworkInterface } from "./network.ts";
import { shownPath } from "./programSetting.ts";
import type { MemoryTestResult } from "./memoryTest.ts";
import type { Reading } from "./reading.ts";
import type { TuningPlan, TuningStep } from "./tuning.ts";
import { actionWords, groupedSteps } from "./tuningRow.ts";
import type { UndoneChange } from "./undo.ts";

const nameWidth = 28;

/** A line of a name and its value. */
const line = (name: string, value: string) => `${name.padEnd(nameWidth)}${value}`;

/** What was read, or a dash and the reason. */
function shown<Value>(reading: Reading<Value>, textOf: (value: Value) => string = String): string {
  return reading.reason === null ? textOf(reading.value) : `– ${reading.reason}`;
}

const timesText = (count: number) => (count === 1 ? "" : ` (${count} times)`);

function settingLines({ settings }: HostAudit): string[] {
  return grouped(settings, ({ name, value, reason }) => JSON.stringify([name, value, reason])).map((group) => {
    const [{ name, value, reason }] = group;
    const text = [value, reason === null ? null : `– ${reason}`].filter((part) => part !== null).join(" ");
    return line(name, text + timesText(group.length));
  });
}

const listText = (cpus: string) => (cpus === "" ? "none" : cpus);
const widthText = ({ speed, lanesCount }: LinkWidth) => `${speed} ×${lanesCount}`;

function interruptText({ interrupts }: HostDevice): string {
  if (interrupts.length === 0) return "no interrupts of its own";
  const listOf = (readings: readonly Reading<string>[]) =>
    listText(formatCpuList(readings.flatMap(({ value }) => (value === null ? [] : parseCpuList(value)))));
  const allowed = listOf(interrupts.map(({ cpus }) => cpus));
  const effective = listOf(interrupts.map(({ effectiveCpus }) => effectiveCpus));
  const sent = effective === "none" ? "" : `, sent to ${effective}`;
  return `${counted(interrupts.length, "interrupt")} on CPUs ${allowed}${sent}`;
}

function deviceLines(device: HostDevice): string[] {
  const { kind, name, pciAddress, nodeIndex, link } = device;
  return [
    line(name, [kind, shown(pciAddress), interruptText(device)].join(", ")),
    line("", `NUMA node ${shown(nodeIndex)}`),
    line("", `link ${shown(link, ({ now, most }) => `${widthText(now)} of ${widthText(most)}`)}`),
  ];
}

const offloadText = (name: string, offload: Offload | null) =>
  offload === null ? `${name} –` : `${name} ${offload.isOn ? "on" : "off"}${offload.isFixed ? " (fixed)" : ""}`;

const channelsText = (channels: Channels) =>
  Object.entries(channels)
    .map(([kind, { nowCount, mostCount }]) => `${kind} ${nowCount} of ${mostCount}`)
    .join(", ");

function networkLines(network: NetworkInterface): string[] {
  const { name, receiveQueuesCount, sendQueuesCount, channels, offloads } = network;
  const settable = channels.value === null ? "" : `; settable: ${channelsText(channels.value) || "none"}`;
  const queues = `queues: receive ${shown(receiveQueuesCount)}, send ${shown(sendQueuesCount)}${settable}`;
  const text = shown(offloads, ({ lro, gro }) => `${offloadText("LRO", lro)}, ${offloadText("GRO", gro)}`);
  return [line(name, queues), line("", `offloads ${text}`)];
}

function errorsText(controllers: readonly ControllerErrors[]): string {
  const texts = controllers.map(
    ({ name, correctedCount, uncorrectedCount }) =>
      `${name}: ${shown(correctedCount)} corrected, ${shown(uncorrectedCount)} uncorrected`,
  );
  return texts.join("; ");
}

/** An audit as text for people: a setting a line, what is absent with its reason. */
export function formatAudit(audit: HostAudit): string {
  const { boot, irqbalanceIsRunning, devices, network, memoryErrors } = audit;
  const others = [
    line("isolatedCpus", shown(boot.isolatedCpus, listText)),
    line("nohzFullCpus", shown(boot.nohzFullCpus, listText)),
    line(
      "irqbalance",
      shown(irqbalanceIsRunning, (isRunning) => (isRunning ? "running" : "stopped")),
    ),
    line("memory errors", shown(memoryErrors, errorsText)),
  ];
  const none = ["no network interface, NVMe drive or GPU on a bus"];
  const onBus = network.filter(({ name }) => devices.some((device) => device.name === name));
  const deviceTexts = devices.length === 0 ? none : [...devices.flatMap(deviceLines), ...onBus.flatMap(networkLines)];
  return [settingLines(audit), others, deviceTexts].map((lines) => lines.join("\n")).join("\n\n");
}

function stepLines(group: readonly [TuningStep, ...TuningStep[]]): string[] {
  const [{ setting, device, action, now, wanted, reason, why, cost, keep, needsReboot }] = group;
  const change = now === wanted ? listText(wanted) : `${listText(now ?? "–")} → ${listText(wanted)}`;
  const subject = device === null ? setting : `${setting} of ${device}`;
  const head = `${actionWords[action].padEnd(12)}${subject}: ${change}${timesText(group.length)}`;
  const detail = (word: string, text: string) => `${" ".repeat(12)}${word.padEnd(7)}${text}`;
  if (action === "none") return [head];
  if (action === "impossible") return [head, detail("reason", reason ?? "")];
  const lasts = action === "write" ? "until the next start; to keep it: " : "";
  const when = needsReboot ? " (takes effect after a restart)" : "";
  return [head, detail("why", why), detail("costs", cost), detail("lasts", `${lasts}${keep}${when}`)];
}

/** A plan as text for people: each difference with why, its cost and how to keep it. */
export function formatPlan({ steps }: TuningPlan): string {
  if (steps.length === 0) return "Nothing is wanted.";
  return groupedSteps(steps).flatMap(stepLines).join("\n");
}

/** What applying did, a file a line. */
export function formatApplied(changes: readonly AppliedChange[]): string {
  if (changes.length === 0) return "Nothing to change: everything that can be written is as wanted.";
  return changes
    .map(({ path, before, after, refusal, effectiveCpus }) => {
      if (refusal !== null) return `refused  ${refusal}; nothing changed there`;
      const isMoved = effectiveCpus === null || subtractCpus(effectiveCpus, after) === "";
      const sent = effectiveCpus === null ? "" : `, sent to ${effectiveCpus}${isMoved ? "" : " until its next one"}`;
      return `changed  ${shownPath(path)}: ${before ?? "–"} → ${after}${sent}`;
    })
    .join("\n");
}

const outcomeTexts: Readonly<Record<UndoneChange["outcome"], (change: UndoneChange) => string>> = {
  restored: ({ path, before }) => `restored   ${shownPath(path)}: ${before}`,
  unchanged: ({ path, before }) => `unchanged  ${shownPath(path)}: ${before} already`,
  "reset-by-reboot": ({ path, now }) => `restarted  ${shownPath(path)}: the host's restart reset it, now ${now ?? "–"}`,
  "set-at-start": ({ path, now, before }) =>
    `left       ${shownPath(path)}: something sets it to ${now ?? "–"} at each start (look in /etc/tmpfiles.d); it was ${before} before`,
  "changed-since": ({ path, now, before }) =>
    `left       ${shownPath(path)}: somebody changed it to ${now ?? "–"} since; it was ${before} before`,
  refused: ({ refusal }) => `refused    ${refusal ?? ""}; kept in the journal`,
};

/** What undoing did, a file a line. */
export function formatUndone(changes: readonly UndoneChange[]): string {
  return changes.map((change) => outcomeTexts[change.outcome](change)).join("\n");
}

/** The outcome of a memory test in a sentence. */
export function formatMemoryTest({ bytes, passesCount, hasPassed, failures }: MemoryTestResult): string {
  const tested = `${formatQuantity(bytes, "bytes")} of memory, ${passesCount} ${passesCount === 1 ? "pass" : "passes"}`;
  return hasPassed
    ? `${tested}: no fault found`
    : `${tested}: FAULTY, failed: ${failures.join(", ") || "unnamed tests"}`;
}
