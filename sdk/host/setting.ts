import { formatCpuList, parseCpuList } from "../topology/index.ts";
import { isOnReadOnly, isPresent, listNames, readText } from "./files.ts";
import { programSettingOf } from "./programSetting.ts";

/** The settings that one file each, or one file a frequency policy, holds. In this order they are written. */
const settingNames = [
  "swappiness",
  "numaBalancing",
  "zoneReclaimMode",
  "dirtyPercent",
  "dirtyBackgroundPercent",
  "transparentHugePages",
  "transparentHugePagesDefrag",
  "energyPreference",
  "governor",
  "turbo",
  "smt",
] as const;

/** A setting of the kernel that can be written while it runs. */
export type SettingName = (typeof settingNames)[number];

/** One file of a setting: what it says now, or why it says nothing. */
export interface HostSetting {
  readonly name: SettingName;
  /** The file, relative to the root. */
  readonly path: string;
  readonly value: string | null;
  /** The values that the kernel offers; none where it does not list them. */
  readonly choices: readonly string[];
  /** Why there is no value, or why writing it would have no effect; null where it can be set. */
  readonly reason: string | null;
}

const cpuFolder = "sys/devices/system/cpu";
const hugePagesFolder = "sys/kernel/mm/transparent_hugepage";

const fixedPaths = {
  swappiness: "proc/sys/vm/swappiness",
  numaBalancing: "proc/sys/kernel/numa_balancing",
  zoneReclaimMode: "proc/sys/vm/zone_reclaim_mode",
  dirtyPercent: "proc/sys/vm/dirty_ratio",
  dirtyBackgroundPercent: "proc/sys/vm/dirty_background_ratio",
  transparentHugePages: `${hugePagesFolder}/enabled`,
  transparentHugePagesDefrag: `${hugePagesFolder}/defrag`,
  smt: `${cpuFolder}/smt/control`,
} satisfies Partial<Record<SettingName, string>>;

const policyFiles = {
  governor: ["scaling_governor", "scaling_available_governors"],
  energyPreference: ["energy_performance_preference", "energy_performance_available_preferences"],
} as const;

const intelTurbo = `${cpuFolder}/intel_pstate/no_turbo`;
const boost = `${cpuFolder}/cpufreq/boost`;

/** Where a limit in bytes is set, the kernel ignores the one in percent and shows it as 0. */
const bytesPaths: Readonly<Partial<Record<SettingName, string>>> = {
  dirtyPercent: "proc/sys/vm/dirty_bytes",
  dirtyBackgroundPercent: "proc/sys/vm/dirty_background_bytes",
};

const dynamicPath =
  /^(proc\/irq\/\d+\/smp_affinity_list|sys\/devices\/system\/cpu\/cpufreq\/policy\d+\/(scaling_governor|energy_performance_preference))$/;

/** Whether a path is one of a setting, so that nobody is made to write elsewhere. */
export function isSettingPath(path: string): boolean {
  const known: readonly string[] = [...Object.values(fixedPaths), intelTurbo, boost];
  return known.includes(path) || dynamicPath.test(path) || programSettingOf(path) !== null;
}

const wordsOf = (text: string | null) => (text ?? "").split(/\s+/).filter((word) => word !== "");

/** What the file's text means when it is written back: of `always [madvise] never` the word in brackets; CPU lists in one form. */
export function writableOf(path: string, text: string): string {
  if (path.endsWith("_list")) return formatCpuList(parseCpuList(text));
  return /\[([^\]]+)\]/.exec(text)?.[1] ?? text;
}

const switchWords: Readonly<Record<string, string>> = { "0": "off", "1": "on" };
const invertedWords: Readonly<Record<string, string>> = { "0": "on", "1": "off" };
const turboWordsOf = (path: string) => (path === intelTurbo ? invertedWords : switchWords);

/** The word people use for what a file of the setting holds: turbo is `on` where `no_turbo` is 0. */
export function valueOf(name: SettingName, path: string, text: string): string {
  const writable = writableOf(path, text);
  return name === "turbo" ? (turboWordsOf(path)[writable] ?? writable) : writable;
}

/** What to write into a file of the setting for the word people use. */
export function textOf(name: SettingName, path: string, value: string): string {
  if (name !== "turbo") return value;
  return Object.entries(turboWordsOf(path)).find(([, word]) => word === value)?.[0] ?? value;
}

function choicesOf(root: string, name: SettingName, path: string): string[] {
  if (name === "smt" || name === "turbo") return ["on", "off"];
  const text = readText(root, path).value ?? "";
  if (text.includes("[")) return wordsOf(text.replace(/[[\]]/g, ""));
  if (name !== "governor" && name !== "energyPreference") return [];
  const [, list] = policyFiles[name];
  return wordsOf(readText(root, path.replace(/[^/]+$/, list)).value);
}

function hindranceOf(root: string, name: SettingName, value: string): string | null {
  if (name === "smt" && !["on", "off"].includes(value)) return `the kernel says "${value}" of SMT`;
  const bytesPath = bytesPaths[name];
  if (bytesPath === undefined) return null;
  const bytes = readText(root, bytesPath).value ?? "0";
  return bytes === "0" ? null : `/${bytesPath} is ${bytes} and rules instead`;
}

function readFile(root: string, name: SettingName, path: string): HostSetting {
  const text = readText(root, path);
  if (text.reason !== null) return { name, path, value: null, choices: [], reason: text.reason };
  const value = valueOf(name, path, text.value);
  const readOnly = isOnReadOnly(root, path) ? `/${path} can only be read here, as in a container` : null;
  return {
    name,
    path,
    value,
    choices: choicesOf(root, name, path),
    reason: hindranceOf(root, name, value) ?? readOnly,
  };
}

const policiesFolder = `${cpuFolder}/cpufreq`;

function policiesOf(root: string): string[] {
  return listNames(root, policiesFolder).filter((name) => /^policy\d+$/.test(name));
}

/** The files of a setting; none where the frequency policies, or all of them, lack it. */
function pathsOf(root: string, name: SettingName): string[] {
  if (name === "turbo") return [isPresent(root, intelTurbo) ? intelTurbo : boost];
  if (name !== "governor" && name !== "energyPreference") return [fixedPaths[name]];
  const [file] = policyFiles[name];
  const paths = policiesOf(root).map((policy) => `${policiesFolder}/${policy}/${file}`);
  return paths.filter((path) => isPresent(root, path));
}

function absentPolicies(root: string, name: SettingName): HostSetting {
  const isWithout = policiesOf(root).length === 0;
  const reason = isWithout
    ? "the kernel controls no frequency here, as on most virtual machines"
    : "the driver of the frequency policies does not have it";
  return { name, path: policiesFolder, value: null, choices: [], reason };
}

/** Every setting of the host below a root, in the order in which they are written. */
export function readSettings(root: string): HostSetting[] {
  return settingNames.flatMap((name) => {
    const paths = pathsOf(root, name);
    return paths.length > 0 ? paths.map((path) => readFile(root, name, path)) : [absentPolicies(root, name)];
  });
}
