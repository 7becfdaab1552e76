import { formatCpuList, parseCpuList, type CpuList } from "../topology/index.ts";
import type { HostAudit } from "./audit.ts";
import type { DesiredSettings } from "./desired.ts";
import { HostError } from "./errors.ts";
import { explanationOf } from "./explanation.ts";
import type { TuningStep } from "./tuning.ts";
import type { Reading } from "./reading.ts";

/** What a person has to do for a step that no file changes. */
interface Advice {
  readonly setting: "isolatedCpus" | "nohzFullCpus" | "irqbalance";
  readonly now: Reading<string>;
  readonly wanted: string;
  readonly keep: string;
  readonly needsReboot: boolean;
}

function stepOf({ setting, now, wanted, keep, needsReboot }: Advice): TuningStep {
  const isSet = now.value === wanted;
  const action = now.reason !== null ? "impossible" : isSet ? "none" : "advice";
  return {
    ...{ setting, path: null, now: now.value, wanted, action, reason: now.reason, text: null },
    ...explanationOf(setting, wanted),
    ...{ needsReboot: needsReboot && !isSet, keep },
  };
}

function listOf(setting: string, text: CpuList): CpuList {
  try {
    return formatCpuList(parseCpuList(text));
  } catch (cause) {
    const message = `${setting} is "${text}"; needed is a list of CPUs such as 2-7,10.`;
    throw new HostError("bad-settings", message, { cause, facts: { setting, found: text } });
  }
}

function bootAdvice(
  setting: "isolatedCpus" | "nohzFullCpus",
  cpus: CpuList | undefined,
  now: Reading<CpuList>,
): Advice[] {
  if (cpus === undefined) return [];
  const wanted = listOf(setting, cpus);
  const argument = setting === "isolatedCpus" ? "isolcpus" : "nohz_full";
  const keep =
    wanted === ""
      ? `take ${argument}= out of GRUB_CMDLINE_LINUX in /etc/default/grub, then update-grub and reboot`
      : `add ${argument}=${wanted} to GRUB_CMDLINE_LINUX in /etc/default/grub, then update-grub and reboot`;
  return [{ setting, now, wanted, keep, needsReboot: true }];
}

function irqbalanceAdvice(wanted: "running" | "stopped" | undefined, now: Reading<boolean>): Advice[] {
  if (wanted === undefined) return [];
  const state: Reading<string> = now.reason === null ? { value: now.value ? "running" : "stopped", reason: null } : now;
  const keep = `systemctl ${wanted === "stopped" ? "stop" : "start"} irqbalance`;
  return [{ setting: "irqbalance", now: state, wanted, keep, needsReboot: false }];
}

/** The steps that a boot line or a service manager has to take: advice, never done by applying. */
export function adviceSteps(wanted: DesiredSettings, { boot, irqbalanceIsRunning }: HostAudit): TuningStep[] {
  return [
    ...irqbalanceAdvice(wanted.irqbalance, irqbalanceIsRunning),
    ...bootAdvice("isolatedCpus", wanted.isolatedCpus, boot.isolatedCpus),
    ...bootAdvice("nohzFullCpus", wanted.nohzFullCpus, boot.nohzFullCpus),
  ].map(stepOf);
}
