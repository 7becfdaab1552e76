/** Whose word a flag is: ours, or one of the launchers whose users come to us. */
export type Vocabulary = "numalab" | "ipexrun" | "run_cpu";

/** What is known of one flag. */
export interface FlagRow {
  readonly type: "string" | "boolean";
  readonly of: readonly Vocabulary[];
  /** For people; empty for a misspelling that is understood. */
  readonly help: string;
  readonly short?: string;
}

const word = (of: FlagRow["of"], help: string): FlagRow => ({ type: "string", of, help });
const mark = (of: FlagRow["of"], help: string): FlagRow => ({ type: "boolean", of, help });
const ours = ["numalab"] as const;
const intels = ["ipexrun"] as const;
const torchs = ["run_cpu"] as const;
const theirs = ["ipexrun", "run_cpu"] as const;
const shared = ["numalab", "ipexrun"] as const;
const all = ["numalab", "ipexrun", "run_cpu"] as const;

/** Every flag of `numalab launch`, by its name. An underscore in a name counts as a hyphen. */
export const flagRows = {
  as: word(all, "whose rules hold: numalab, ipexrun or run_cpu (default: told by the words used)"),
  instances: word(ours, "N instances in all, none across nodes"),
  "per-node": word(ours, "N instances a NUMA node"),
  "per-package": word(ours, "N instances a package (socket)"),
  "per-l3": word(ours, "N instances a last-level cache"),
  "cpus-per-instance": word(ours, "N CPUs each, or `all` (the default), or `equal`: what is left over stays idle"),
  threads: word(ours, "N threads each (default: one a CPU, within the container's quota)"),
  cpus: word(ours, "CPUs to share out, such as 0-15"),
  "instance-cpus": word(ours, "the CPUs of each instance, between slashes: 0-3/4-7"),
  nodes: word(ours, "NUMA nodes to use, such as 0,1"),
  reserve: word(ours, "CPUs that no instance gets"),
  smt: mark(ours, "use all SMT siblings of a core"),
  "use-isolated": mark(ours, "accept isolated CPUs where they are named"),
  "across-nodes": mark(ours, "let an instance span NUMA nodes"),
  "memory-nodes": word(ours, "NUMA nodes that memory may come from; each instance gets the nearest"),
  "bandwidth-first": mark(ours, "take the fastest memory (HBM), not the nearest"),
  "memory-per-instance": word(
    ours,
    "what each instance will need, such as 6GiB; refused before starting if it is not free",
  ),
  "exceed-quota": mark(ours, "plan more threads than the container's quota of CPU time is worth"),
  "huge-pages": mark(ours, "let malloc use transparent huge pages"),
  "overwrite-environment": mark(ours, "set variables even where they are set already"),
  "ready-line": word(ours, "an instance is ready when it has said a line with this text"),
  "ready-timeout": word(ours, "seconds until all must be ready, else the launch is stopped (default: 60)"),
  grace: word(ours, "seconds from asking an instance to end until it is killed (default: 5)"),
  restart: word(ours, "start an instance again when it has ended: never (the default), on-failure or always"),
  "max-restarts": word(ours, "restarts in a row, less than a minute after each start (default: no limit)"),
  watch: mark(ours, "show what the instances use while they run"),
  root: word(ours, "plan for a recorded machine: a folder with its sys/ and proc/ (with --dry-run)"),
  "dry-run": mark(all, "print the command lines and their environment, and start nothing"),
  json: mark(all, "print one JSON document"),
  ninstances: word(theirs, "number of instances"),
  "ncores-per-instance": word(theirs, "cores each; -1 shares out all of them"),
  "ncore-per-instance": word(theirs, ""),
  "skip-cross-node-cores": mark(theirs, "keep instances on one node"),
  "latency-mode": mark(theirs, "4 cores each, on all physical cores"),
  "throughput-mode": mark(theirs, "one instance a NUMA node"),
  "log-file-prefix": word(all, "how names of log files begin (default: run)"),
  module: { ...mark(all, "run the program as a Python module"), short: "m" },
  "no-python": mark(all, "run the program itself, though it ends in .py"),
  strategy: word(shared, "scatter (the default) or close"),
  "use-e-cores": mark(shared, "use efficiency cores too"),
  "instance-idx": word(shared, "start these instances only, such as 0,2"),
  "memory-allocator": word(shared, "auto, default, tcmalloc or jemalloc, loaded before the program"),
  "omp-runtime": word(shared, "auto, default (GNU) or intel"),
  benchmark: mark(shared, "settings of jemalloc that never give memory back"),
  "multi-task-manager": word(shared, "auto, numactl, syscalls, taskset or none"),
  "log-dir": word(shared, "folder for a log file of each instance"),
  "nodes-list": word(intels, "NUMA nodes to use"),
  "cores-list": word(intels, "CPUs to use"),
  "use-logical-cores": mark(intels, "use all SMT siblings of a core"),
  "bind-numa-node": mark(intels, "keep instances on one node"),
  "core-list": word(torchs, "CPUs to use"),
  "node-id": word(torchs, "NUMA node to use"),
  rank: word(torchs, "start this instance only"),
  "use-logical-core": mark(torchs, "use all SMT siblings of a core"),
  "multi-instance": mark(torchs, "one instance a NUMA node, where no number is given"),
  "disable-numactl": mark(torchs, "bind by taskset"),
  "disable-taskset": mark(torchs, "do not fall back to taskset"),
  "enable-tcmalloc": mark(torchs, "load tcmalloc before the program"),
  "enable-jemalloc": mark(torchs, "load jemalloc before the program"),
  "use-default-allocator": mark(torchs, "load no allocator"),
  "disable-iomp": mark(torchs, "load no Intel OpenMP"),
  "log-path": word(torchs, "folder for a log file of each instance"),
} satisfies Record<string, FlagRow>;

/** The name of a flag. */
export type FlagName = keyof typeof flagRows;
