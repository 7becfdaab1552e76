/**
 * How a process is bound, the first of these that this machine permits: by numactl in front of it, by system calls of the
 * thread that starts it, by taskset in front of it, by the cpuset that it is in already, or not at all.
 */
export type BindingWay = "numactl" | "syscalls" | "taskset" | "cpuset" | "none";

/** Whether this way keeps a process on the CPUs that were chosen for it. */
export const bindsCpus = (way: BindingWay): boolean => way !== "cpuset" && way !== "none";

/** Whether this way makes memory come from chosen nodes. */
export const bindsMemory = (way: BindingWay): boolean => way === "numactl" || way === "syscalls";
