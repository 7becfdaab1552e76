import type { Warning } from "../errors.ts";
import type { EnvironmentPart, EnvironmentPlan } from "./environment.ts";

type Preset = Readonly<Record<string, string | undefined>>;

/** Which values lead OpenMP's threads off the CPUs that a process was bound to from outside. */
const leadsOff: Readonly<Record<string, RegExp>> = {
  GOMP_CPU_AFFINITY: /\d/,
  KMP_AFFINITY: /proclist|explicit|norespect/,
  OMP_PLACES: /\{/,
};

/** What is wanted, beside what the user set before: that stays, but for what would override a binding. */
export function besidePreset(wanted: EnvironmentPart, preset: Preset, overwrites: boolean): EnvironmentPlan {
  const { variables, loaded, warnings } = wanted;
  const strays = Object.keys(leadsOff).filter((name) => leadsOff[name]?.test(preset[name] ?? ""));
  const names = [...new Set([...Object.keys(variables), ...Object.keys(leadsOff)])];
  const isKept = (name: string): boolean =>
    (preset[name] ?? "") !== "" && !strays.includes(name) && !(overwrites && name in variables);
  const kept = names.filter(isKept);
  const conflicts = kept.filter((name) => name in variables && variables[name] !== preset[name]);
  return {
    variables: {
      ...variables,
      ...Object.fromEntries(kept.map((name) => [name, preset[name] ?? ""])),
      ...preloadOf(loaded, preset),
    },
    loaded,
    removed: strays.filter((name) => !(name in variables)),
    warnings: [
      ...warnings,
      ...conflicts.map((name) => keptWarningOf(name, preset[name], variables[name])),
      ...strays.map((name) => strayWarningOf(name, preset[name])),
    ],
  };
}

function preloadOf(loaded: EnvironmentPart["loaded"], preset: Preset): Record<string, string> {
  if (loaded.length === 0) return {};
  const own = (preset["LD_PRELOAD"] ?? "").split(/[:\s]+/).filter((path) => path !== "");
  const added = loaded.map(({ path }) => path).filter((path) => !own.includes(path));
  return { LD_PRELOAD: [...own, ...added].join(":") };
}

function keptWarningOf(name: string, value = "", wanted = ""): Warning {
  return {
    code: "preset-kept",
    message: `${name} is set to ${value} already, and stays; ${wanted} was planned.`,
    advice: `Unset ${name}, or pass --overwrite-environment.`,
  };
}

function strayWarningOf(name: string, value = ""): Warning {
  return {
    code: "preset-removed",
    message: `${name}=${value} would lead threads off the planned CPUs, so it is taken away.`,
    advice: `Unset ${name}.`,
  };
}
