import { parseCpuList } from "../topology/index.ts";
import { type CallingThread, cpuMaskOf, nodeMaskOf, openCallingThread, type ThreadBinding } from "./callingThread.ts";
import { LaunchError } from "./errors.ts";
import type { InstancePlan } from "./plan.ts";

/** What a thread is to be bound to. */
export type Target = Pick<InstancePlan, "cpus" | "memoryNodes" | "memoryPolicy">;

/** MPOL_BIND and MPOL_INTERLEAVE. */
const modes = { bind: 2, interleave: 3 } as const;

/** Returns what `start` returns, and binds what it starts. */
export type Binder = <Started>(start: () => Started) => Started;

/**
 * What binds processes as planned, as far as the words before their command line do not. Where the way is `syscalls`, the
 * calling thread is bound while a process is started, which inherits that before its first instruction; then the thread
 * gets back what it had.
 * The binder throws {@link LaunchError} `binding-refused`, with nothing started.
 */
export async function openBinder(plan: InstancePlan): Promise<Binder> {
  if (plan.bindingWay !== "syscalls") return (start) => start();
  const thread = await openCallingThread();
  return (start) => {
    const restore = bound(thread, plan);
    if (typeof restore === "string") throw refusedErrorOf(plan, restore);
    try {
      return start();
    } finally {
      restore();
    }
  };
}

/** Why the calling thread cannot be bound like this; null when it can, which is tried. */
export async function syscallsRefusal(target: Target): Promise<string | null> {
  const restore = bound(await openCallingThread(), target);
  if (typeof restore === "string") return restore;
  restore();
  return null;
}

/** Binds the thread, and returns what gives it back what it had; a sentence's worth of reason when that is refused. */
function bound(thread: CallingThread | null, target: Target): (() => void) | string {
  if (thread === null) return "system calls cannot be made on this platform";
  try {
    const before = thread.readBinding();
    const restore = (): void => {
      thread.bind(before);
    };
    try {
      thread.bind(bindingOf(target, before));
    } catch (refusal) {
      restore();
      throw refusal;
    }
    return restore;
  } catch (refusal) {
    return (refusal as Error).message;
  }
}

/** What nothing is said of stays as it is. */
function bindingOf({ cpus, memoryNodes, memoryPolicy }: Target, { memory }: ThreadBinding): ThreadBinding {
  const mask = cpuMaskOf(parseCpuList(cpus));
  if (memoryNodes === null || memoryPolicy === "first-touch") return { cpus: mask, memory };
  return { cpus: mask, memory: { mode: modes[memoryPolicy], nodes: nodeMaskOf(parseCpuList(memoryNodes)) } };
}

function refusedErrorOf({ cpus, memoryNodes }: InstancePlan, refusal: string): LaunchError {
  const message = `CPUs ${cpus}${memoryNodes === null ? "" : ` and memory of node ${memoryNodes}`} are needed to bind the process, and were refused: ${refusal}. Plan with the bindingWay that probeBindingWay finds, instead of syscalls.`;
  return new LaunchError("binding-refused", message, { facts: { cpus, memoryNodes, refusal } });
}
