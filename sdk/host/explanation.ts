/** What a wanted value is good for, and what one pays. */
export interface Explanation {
  readonly why: string;
  readonly cost: string;
}

/** By setting, or by setting and wanted value where that matters. */
const explanations: Readonly<Record<string, Explanation>> = {
  swappiness: {
    why: "weights that were swapped out come back one page fault at a time",
    cost: "under pressure the page cache goes first, and a mapped model file lies in it",
  },
  numaBalancing: {
    why: "the kernel's balancing unmaps pages to learn who reads them, and moves pages of bound processes in vain",
    cost: "processes that nobody bound stay where their memory is not",
  },
  zoneReclaimMode: {
    why: "reclaiming on the own node evicts a model's page cache while other nodes have free memory",
    cost: "unbound processes take memory of a far node sooner",
  },
  dirtyPercent: {
    why: "writers wait less often, or for less, when dirty pages are written back in smaller parts",
    cost: "a lower limit makes large writes wait for the disk sooner",
  },
  dirtyBackgroundPercent: {
    why: "writing back begins earlier and disturbs in smaller parts",
    cost: "more, smaller writes to the disk",
  },
  "transparentHugePages=always": {
    why: "one entry of the TLB covers 2 MiB of weights and cache instead of 4 KiB",
    cost: "memory grows in steps of 2 MiB, and a process may wait while pages are joined",
  },
  "transparentHugePages=madvise": {
    why: "programs that ask get huge pages, and nobody else waits for pages to be joined",
    cost: "programs that do not ask keep 4 KiB pages",
  },
  "transparentHugePages=never": {
    why: "no process ever waits for pages to be joined",
    cost: "every page of weights in anonymous memory costs a TLB entry for 4 KiB",
  },
  transparentHugePagesDefrag: {
    why: "only programs that ask for huge pages wait for memory to be compacted",
    cost: "other programs get huge pages later, by the background thread",
  },
  energyPreference: {
    why: "the processor leaves low clocks at once instead of weighing energy",
    cost: "more power and heat, also when idle",
  },
  governor: {
    why: "the clock does not climb anew after every pause between tokens",
    cost: "more power and heat, also when idle",
  },
  "turbo=on": {
    why: "the highest clocks are used while heat and power permit",
    cost: "the clock depends on temperature and on what other cores do, so runs differ more",
  },
  "turbo=off": {
    why: "the clock no longer depends on temperature and on what other cores do, so runs agree",
    cost: "every figure is lower than with turbo",
  },
  "smt=on": {
    why: "both threads of a core are there for programs that gain by them",
    cost: "threads on siblings share one core's units and caches",
  },
  "smt=off": {
    why: "no two threads share a core's units and caches",
    cost: "half of the logical CPUs vanish for every program, and processes bound to them lose that binding",
  },
  queuesCount: {
    why: "each queue is served by a CPU of its own: fewer leave more CPUs undisturbed, more share the packets out",
    cost: "the link pauses for a moment, and the driver may ask for new interrupts: place those afterwards",
  },
  "lro=on": {
    why: "the interface joins packets before any CPU sees them",
    cost: "packets wait to be joined, and a host that forwards or bridges them damages them",
  },
  "lro=off": {
    why: "no packet waits to be joined, and those that are forwarded stay whole",
    cost: "the CPU handles every packet by itself",
  },
  "gro=on": {
    why: "the kernel handles joined packets at once, which takes less CPU time from tokens",
    cost: "a packet may wait some microseconds for the next one",
  },
  "gro=off": {
    why: "no packet waits for the next one",
    cost: "large transfers take several times the CPU time",
  },
  "irqbalance=running": {
    why: "interrupts are spread as load changes",
    cost: "they come to measured CPUs too, and leave where they were put",
  },
  irqbalance: {
    why: "interrupts stay where they are put during a measurement",
    cost: "nobody spreads interrupts while it is stopped",
  },
  interruptCpus: {
    why: "a device's interrupts are taken where its memory is and where nothing is measured",
    cost: "those CPUs have less time for other work; interrupts are no longer spread by themselves",
  },
  isolatedCpus: {
    why: "the scheduler puts nothing on CPUs that only bound processes are to use",
    cost: "these CPUs idle unless a program is bound to each of them by hand",
  },
  nohzFullCpus: {
    why: "a CPU with one running thread is not interrupted by the timer",
    cost: "system calls get slower on these CPUs, and one other CPU keeps the time",
  },
};

const unexplained: Explanation = { why: "it was asked for", cost: "unknown" };

/** What wanting this value of a setting is good for, and what it costs. */
export function explanationOf(setting: string, wanted: string): Explanation {
  return explanations[`${setting}=${wanted}`] ?? explanations[setting] ?? unexplained;
}
