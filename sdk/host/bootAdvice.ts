import { formatCpuList, parseCpuList, type CpuList } from "../topology/index.ts";
import type { HostAudit } from "./audit.ts";
import type { DesiredSettings } from "./desired.ts";
import { HostError } from "./errors.ts";
import { explanationOf } from "./explanation.ts";
import type { TuningStep } from "./tuning.ts";
import type { Reading } from "./reading.ts";

type BootSetting = "isolatedCpus" | "nohzFullCpus";

function listOf(setting: string, text: CpuList): CpuList {
  try {
    return formatCpuList(parseCpuList(text));
  } catch (cause) {
    const message = `${setting} is "${text}"; needed is a list of CPUs such as 2-7,10.`;
    throw new HostError("bad-settings", message, { cause, facts: { setting, found: text } });
  }
}

function stepsOf(setting: BootSetting, cpus: CpuList | undefined, now: Reading<CpuList>): TuningStep[] {
  if (cpus === undefined) return [];
  const wanted = listOf(setting, cpus);
  const argument = setting === "isolatedCpus" ? "isolcpus" : "nohz_full";
  const isSet = now.value === wanted;
  const action = now.reason !== null ? "impossible" : isSet ? "none" : "advice";
  const edit = wanted === "" ? `take ${argument}= out of` : `add ${argument}=${wanted} to`;
  return [
    {
      ...{ setting, device: null, path: null, now: now.value, wanted, action, reason: now.reason, text: null },
      ...explanationOf(setting, wanted),
      needsReboot: !isSet,
      keep: `${edit} GRUB_CMDLINE_LINUX in /etc/default/grub, then update-grub and reboot`,
    },
  ];
}

/** The steps that need a boot line: advice, never done by applying. */
export function bootSteps(wanted: DesiredSettings, { boot }: HostAudit): TuningStep[] {
  return [
    ...stepsOf("isolatedCpus", wanted.isolatedCpus, boot.isolatedCpus),
    ...stepsOf("nohzFullCpus", wanted.nohzFullCpus, boot.nohzFullCpus),
  ];
}
