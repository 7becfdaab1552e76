import { readFileSync } from "node:fs";
import type { ExecutorBinding, KernelControl } from "../globals.ts";
import { openComm, registerTarget } from "./comms.ts";
import { tell } from "./outbox.ts";
import type { ExecutorSettings, ExecutorStart } from "./wire.ts";

const typeCheckings: readonly unknown[] = ["off", "warn", "error"];

function readBinding(command: readonly string[]): ExecutorBinding {
  const cpus = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync("/proc/self/status", "latin1"))?.[1] ?? null;
  return { processId: process.pid, command, cpus };
}

function tellSettings(settings: ExecutorSettings): ExecutorSettings {
  tell({ kind: "request", request: { kind: "settings", ...settings } });
  return settings;
}

/** How long the last cell ran. */
export const timing: { lastCellSeconds: number | null } = { lastCellSeconds: null };

/** The global `kernel`. */
export function createKernelControl(start: ExecutorStart): KernelControl {
  let settings = start.settings;
  return {
    get typeChecking() {
      return settings.typeChecking;
    },
    set typeChecking(typeChecking) {
      if (!typeCheckings.includes(typeChecking))
        throw new RangeError(
          `kernel.typeChecking is "off", "warn" or "error", and cannot be ${typeChecking as string}.`,
        );
      settings = tellSettings({ ...settings, typeChecking });
    },
    get showTime() {
      return settings.showTime;
    },
    set showTime(showTime) {
      settings = tellSettings({ ...settings, showTime });
    },
    get lastCellSeconds() {
      return timing.lastCellSeconds;
    },
    get binding() {
      return readBinding(start.command);
    },
    restart(binding) {
      tell({ kind: "request", request: { kind: "restart", binding: binding ?? null } });
    },
    registerTarget,
    openComm,
  };
}
