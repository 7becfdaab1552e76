import { setTimeout } from "node:timers/promises";
import { counted, formatQuantity } from "../units/index.ts";
import { verifyBinding } from "./binding.ts";
import type { LaunchedInstance } from "./instance.ts";
import type { LaunchOptions } from "./launch.ts";
import { openMembership } from "./membership.ts";
import { pageBytes, pagesCountOf } from "./pages.ts";
import type { BindingReport } from "./plan.ts";

/** When an instance that does not say that it is ready is taken to be. */
const settledMilliseconds = 1000;

/** The binding of one instance, read back twice. */
export interface BindingProof {
  /** When it was ready; null when it ended before. */
  readonly binding: BindingReport | null;
  readonly bindingReason: string | null;
  /** Before it was stopped, because a changed cpuset loses a binding silently; null when it ended by itself. */
  readonly bindingAtEnd: BindingReport | null;
  readonly bindingAtEndReason: string | null;
}

/** Reads the bindings of a launch back at the times when they matter, and not between them. */
export interface BindingProofs extends Required<Pick<LaunchOptions, "onStart" | "beforeStop">> {
  /** What was read of an instance, of its last start. */
  proofOf(instanceIndex: number): BindingProof;
}

const unbound: BindingProof = {
  binding: null,
  bindingReason: "Nothing was to bind it.",
  bindingAtEnd: null,
  bindingAtEndReason: "Nothing was to bind it.",
};

const unread: BindingProof = {
  binding: null,
  bindingReason: "It ended before its binding could be read.",
  bindingAtEnd: null,
  bindingAtEndReason: "It was not stopped, but ended by itself.",
};

/**
 * What reads the bindings of a launch whose hooks it is given to: once an instance is ready, or about a second after its
 * start where it need not say so, and before it is stopped. `tell` is called with each in words.
 */
export function openBindingProofs(
  hasReadySign: boolean,
  tell: (instanceIndex: number, words: string) => void,
): BindingProofs {
  const proofs = new Map<number, BindingProof>();
  const proofOf = (instanceIndex: number): BindingProof => proofs.get(instanceIndex) ?? unread;
  const isSettled = async ({ ready, exited }: LaunchedInstance): Promise<boolean> => {
    if (hasReadySign) return (await ready) === "ready";
    const wait = setTimeout(settledMilliseconds, true, { ref: false });
    return Promise.race([wait, exited.then(() => false)]);
  };
  const prove = async (instance: LaunchedInstance): Promise<void> => {
    const { instanceIndex } = instance.plan;
    const binding = (await isSettled(instance)) ? await readBinding(instance) : null;
    if (binding === null) return;
    proofs.set(instanceIndex, { ...proofOf(instanceIndex), binding, bindingReason: null });
    tell(instanceIndex, formatBinding(binding));
  };
  return {
    proofOf,
    onStart(instance) {
      const { instanceIndex, bindingWay } = instance.plan;
      if (bindingWay === "none") {
        proofs.set(instanceIndex, unbound);
        return;
      }
      proofs.delete(instanceIndex);
      void prove(instance);
    },
    async beforeStop(instance) {
      const { instanceIndex, bindingWay } = instance.plan;
      if (bindingWay === "none") return;
      const bindingAtEnd = await readBinding(instance);
      if (bindingAtEnd === null) return;
      proofs.set(instanceIndex, { ...proofOf(instanceIndex), bindingAtEnd, bindingAtEndReason: null });
      tell(instanceIndex, `before its end ${formatBinding(bindingAtEnd)}`);
    },
  };
}

/** The binding of all processes of an instance; null when it is gone. */
async function readBinding({ processId, plan }: LaunchedInstance): Promise<BindingReport | null> {
  const members = openMembership()([processId]).get(processId) ?? [];
  const ids = members.map((member) => member.processId);
  const report = await verifyBinding(ids, plan);
  return report.threadsCount === 0 ? null : report;
}

const states = { bound: "bound", partly: "partly bound", not: "not bound", unverifiable: "not verifiable" } as const;

/** A binding in words: `bound: 11 threads on CPUs 0-3, 100 % of 205 MiB on node 0`. */
export function formatBinding(report: BindingReport): string {
  const { state, threadsCount, strayThreads, plannedCpus, reason } = report;
  const strays = strayThreads.length === 0 ? "" : `, ${strayThreads.length} of them allowed elsewhere`;
  const cpus = `${/^\d+$/.test(plannedCpus) ? "CPU" : "CPUs"} ${plannedCpus}`;
  const facts = `${states[state]}: ${counted(threadsCount, "thread")} on ${cpus}${strays}${memoryOf(report)}`;
  return reason === null ? facts : `${facts}. ${reason}`;
}

function memoryOf({ localPagesRatio, plannedMemoryNodes: nodes, anonymousPagesByNode }: BindingReport): string {
  if (localPagesRatio === null || nodes === null) return "";
  const size = formatQuantity(pagesCountOf(anonymousPagesByNode) * pageBytes, "memoryBytes");
  return `, ${formatQuantity(localPagesRatio, "localPagesRatio")} of ${size} on ${/^\d+$/.test(nodes) ? "node" : "nodes"} ${nodes}`;
}
