import type { HostAudit } from "./audit.ts";
import { bootSteps } from "./bootAdvice.ts";
import { tuningPresets, type DesiredSettings, type TuningPreset } from "./desired.ts";
import { HostError } from "./errors.ts";
import { explanationOf } from "./explanation.ts";
import { interruptSteps } from "./interruptPlan.ts";
import { irqbalanceSteps } from "./irqbalance.ts";
import { networkSteps } from "./networkPlan.ts";
import { textOf, type HostSetting, type SettingName } from "./setting.ts";
import type { TuningPlan, TuningStep } from "./tuning.ts";

type FileSettings = Readonly<Partial<Record<SettingName, string | number>>>;

/** A line of tmpfiles.d(5), which systemd writes at every start: sysctl.d knows /proc/sys only. */
const keepLineOf = (path: string, text: string): string => `/etc/tmpfiles.d/numalab.conf: w /${path} - - - - ${text}`;

function reasonFor({ name, reason, choices }: HostSetting, wanted: string): string | null {
  if (reason !== null) return reason;
  if (choices.length === 0 || choices.includes(wanted)) return null;
  return `"${wanted}" is not offered for ${name}: the kernel offers ${choices.join(", ")}`;
}

function stepOf(setting: HostSetting, wanted: string): TuningStep {
  const { name, path, value } = setting;
  const reason = reasonFor(setting, wanted);
  const text = textOf(name, path, wanted);
  const action = reason !== null ? "impossible" : value === wanted ? "none" : "write";
  return {
    ...{ setting: name, device: null, path, now: value, wanted, action, reason },
    ...explanationOf(name, wanted),
    text: action === "write" ? text : null,
    needsReboot: false,
    keep: keepLineOf(path, text),
  };
}

function resolved(desired: DesiredSettings | TuningPreset): DesiredSettings {
  if (typeof desired !== "string") return desired;
  if (Object.hasOwn(tuningPresets, desired)) return tuningPresets[desired];
  const known = Object.keys(tuningPresets);
  const message = `"${desired as string}" is no preset; there are ${known.join(", ")}. Name one of these, or pass the settings themselves.`;
  throw new HostError("bad-settings", message, { facts: { found: desired, known } });
}

/**
 * The difference between how a host is set and how it ought to be: what would be written, what only a person or a boot line can
 * do, and what is impossible here and why. Nothing is changed.
 * @throws {HostError} `bad-settings` for a preset that does not exist or CPUs that are no list, `no-such-device`
 */
export function planTuning(desired: DesiredSettings | TuningPreset, audit: HostAudit): TuningPlan {
  const wanted = resolved(desired);
  const files: FileSettings = Object.fromEntries(
    Object.entries(wanted).filter(([, value]) => typeof value !== "object"),
  );
  const written = audit.settings.flatMap((setting) => {
    const value = files[setting.name];
    return value === undefined ? [] : [stepOf(setting, String(value))];
  });
  return {
    root: audit.root,
    // What spreads interrupts stops before they are placed, and new queues have new ones; the boot line is a person's.
    steps: [
      ...irqbalanceSteps(wanted.irqbalance, audit),
      ...networkSteps(wanted.network, audit),
      ...interruptSteps(wanted, audit),
      ...written,
      ...bootSteps(wanted, audit),
    ],
  };
}
