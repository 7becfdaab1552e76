import type { SettingName } from "./setting.ts";

/** One line of the difference between how a host is set and how it ought to be. */
export interface TuningStep {
  readonly setting:
    SettingName | "queuesCount" | "lro" | "gro" | "interruptCpus" | "irqbalance" | "isolatedCpus" | "nohzFullCpus";
  /** The device that it is a setting of; null for the host. */
  readonly device: string | null;
  /** A file relative to the root, or what a program sets, as `ethtool:eth0/gro`; null where only a person can change it. */
  readonly path: string | null;
  readonly now: string | null;
  readonly wanted: string;
  /** `write` is done by applying; `advice` is for a person; `none` is set so already; `impossible` has a reason. */
  readonly action: "write" | "advice" | "none" | "impossible";
  /** What to write; null for every other action. */
  readonly text: string | null;
  readonly reason: string | null;
  readonly why: string;
  readonly cost: string;
  readonly needsReboot: boolean;
  /** What makes it last beyond a reboot, or what a person has to do. */
  readonly keep: string;
}

/** Every difference between a host and a desired state, in the order in which it is applied. */
export interface TuningPlan {
  readonly root: string;
  readonly steps: readonly TuningStep[];
}
