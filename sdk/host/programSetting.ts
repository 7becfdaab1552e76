import { argumentsFor, readParameter, type NetworkParameter } from "./ethtool.ts";
import { askProgram } from "./program.ts";
import { mapped, type Reading } from "./reading.ts";

/** A setting of this machine that no file holds: programs tell it and change it. */
export interface ProgramSetting {
  readonly read: () => Promise<Reading<string>>;
  /** Why it did not take this text; null when it did. */
  readonly write: (text: string) => Promise<string | null>;
}

const parameterPattern = /^ethtool:([^-/:\s][^/:\s]{0,14})\/(gro|lro|combined|rx|tx)$/;

/** Where a parameter of a network interface is journaled. */
export const parameterPath = (name: string, parameter: NetworkParameter): string => `ethtool:${name}/${parameter}`;

/** Where the service that spreads interrupts is journaled. */
export const irqbalancePath = "systemctl:irqbalance";

/** Whether the service that spreads interrupts is `running` or `stopped`, or why its manager does not tell. */
export const readIrqbalanceService = async (): Promise<Reading<string>> =>
  mapped(await askProgram("systemctl", ["show", "--property=ActiveState", "--value", "irqbalance"]), (state) =>
    state === "active" ? "running" : "stopped",
  );

const irqbalance: ProgramSetting = {
  read: readIrqbalanceService,
  write: async (text) => (await askProgram("systemctl", [text === "running" ? "start" : "stop", "irqbalance"])).reason,
};

/** What a path that names no file stands for; null for files. */
export function programSettingOf(path: string): ProgramSetting | null {
  if (path === irqbalancePath) return irqbalance;
  const [, name, parameter] = parameterPattern.exec(path) ?? [];
  if (name === undefined || parameter === undefined) return null;
  const known = parameter as NetworkParameter;
  return {
    read: () => readParameter(name, known),
    write: async (text) => (await askProgram("ethtool", argumentsFor(name, known, text))).reason,
  };
}

/** A path as people read it. */
export const shownPath = (path: string): string => (programSettingOf(path) === null ? `/${path}` : path);
