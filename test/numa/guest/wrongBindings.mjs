import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { formatCpuList, parseCpuList } from "numalab/topology";
import { proofOf } from "./proof.mjs";
import { tell } from "./tell.mjs";

const bind = (plan, prefix) => ({ startedBy: { ...plan, bindingWay: "numactl", prefix } });
const numactl = (plan, cpus, ...memory) => bind(plan, ["numactl", "--all", "-C", cpus, ...memory]);
const move = (cpus, threadId, flags = "-pc") => execFileSync("taskset", [flags, cpus, String(threadId)]);
const threadsOf = ({ processId }) => readdirSync(`/proc/${processId}/task`);

/** Ways in which a process may lie otherwise than planned; `other` is a node with CPUs and memory of which the plan has none. */
const wrongs = {
  "on the CPUs of another node": (plan, other) => numactl(plan, other.cpus, "-m", plan.memoryNodes),
  "with memory of another node": (plan, other) => numactl(plan, plan.cpus, "-m", String(other.osIndex)),
  "with memory of all nodes in turn": (plan) => numactl(plan, plan.cpus, "-i", "all"),
  "bound to nothing": (plan) => ({ startedBy: { ...plan, bindingWay: "none", prefix: [] } }),
  "with one CPU too many": (plan, other) =>
    numactl(plan, `${plan.cpus},${formatCpuList(parseCpuList(other.cpus).slice(0, 1))}`, "-m", plan.memoryNodes),
  "with one thread moved away after the start": (plan, other) => ({
    spoil: (instance) => move(other.cpus, threadsOf(instance).at(-1)),
  }),
  "with the main thread moved away after the start": (plan, other) => ({
    spoil: ({ processId }) => move(other.cpus, processId),
  }),
  "with memory first touched elsewhere": (plan, other) => ({
    ...bind(plan, ["taskset", "-c", other.cpus]),
    spoil: ({ processId }) => move(plan.cpus, processId, "-apc"),
  }),
  "with a part of its memory first touched elsewhere": (plan, other) => ({
    ...bind(plan, ["taskset", "-c", other.cpus]),
    mebibytes: 4,
    spoil: async ({ processId, stdin }, allocated) => {
      move(plan.cpus, processId, "-apc");
      stdin.write("64");
      await allocated();
    },
  }),
  "with its pages moved away after the start": (plan, other) => ({
    spoil: ({ processId }) =>
      execFileSync("migratepages", [String(processId), plan.memoryNodes, String(other.osIndex)]),
  }),
};

/** Says what the package proves of processes that lie otherwise than planned, in every way or in those named. */
export async function tellWrongs(plan, other, names = Object.keys(wrongs)) {
  for (const name of names) tell(`wrong ${name}`, await proofOf(plan, wrongs[name](plan, other)));
}
