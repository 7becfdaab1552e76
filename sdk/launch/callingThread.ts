import { getSystemErrorName } from "node:util";

/** What binds a thread, in the kernel's own terms; a process that it starts inherits both. */
export interface ThreadBinding {
  /** A bit for each CPU. */
  readonly cpus: BigUint64Array;
  /** A memory policy with its flags, and a bit for each node that it names. */
  readonly memory: { readonly mode: number; readonly nodes: BigUint64Array };
}

/** The thread that calls: of a Node process the one that runs its JavaScript, and starts its children. */
export interface CallingThread {
  /** @throws {Error} that names the system call and why it was refused */
  readBinding(): ThreadBinding;
  /** @throws {Error} that names the system call and why it was refused */
  bind(binding: ThreadBinding): void;
}

/** As many CPUs as Linux can be built for, and as many nodes. */
const mostCpus = 8192;
const mostNodes = 1024;

/**
 * Numbers of system calls that the C library has no function for.
 * @see https://github.com/torvalds/linux/blob/master/arch/x86/entry/syscalls/syscall_64.tbl
 * @see https://github.com/torvalds/linux/blob/master/include/uapi/asm-generic/unistd.h
 */
const policyCalls: Readonly<Record<string, { readonly set: number; readonly get: number }>> = {
  x64: { set: 238, get: 239 },
  arm64: { set: 237, get: 236 },
  riscv64: { set: 237, get: 236 },
};

/** A mask in which the bits of these CPUs are set. */
export const cpuMaskOf = (cpus: readonly number[]): BigUint64Array => maskOf(cpus, mostCpus);

/** A mask in which the bits of these nodes are set. */
export const nodeMaskOf = (nodes: readonly number[]): BigUint64Array => maskOf(nodes, mostNodes);

function maskOf(indexes: readonly number[], bitsCount: number): BigUint64Array {
  const mask = new BigUint64Array(bitsCount / 64);
  for (const index of indexes) mask[index >> 6] = (mask[index >> 6] ?? 0n) | (1n << BigInt(index & 63));
  return mask;
}

/**
 * System calls on the calling thread; null where koffi has no binary for this platform, or the numbers are not known.
 * @see https://man7.org/linux/man-pages/man2/set_mempolicy.2.html
 */
export async function openCallingThread(): Promise<CallingThread | null> {
  const calls = process.platform === "linux" ? policyCalls[process.arch] : undefined;
  const koffi = calls === undefined ? null : await import("koffi").catch(() => null);
  if (calls === undefined || koffi === null) return null;
  const library = koffi.default.load(null);
  const getAffinity = library.func("int sched_getaffinity(int, size_t, void *)");
  const setAffinity = library.func("int sched_setaffinity(int, size_t, const void *)");
  const getPolicy = library.func("syscall", "long", ["long", "void *", "void *", "ulong", "uintptr_t", "ulong"]);
  const setPolicy = library.func("syscall", "long", ["long", "long", "const void *", "ulong"]);
  const check = (name: string, result: unknown): void => {
    if (Number(result) < 0) throw new Error(`${name}: ${getSystemErrorName(-koffi.default.errno())}`);
  };
  return {
    readBinding() {
      const [cpus, mode, nodes] = [cpuMaskOf([]), new Int32Array(1), nodeMaskOf([])];
      check("sched_getaffinity", getAffinity(0, cpus.byteLength, cpus));
      check("get_mempolicy", getPolicy(calls.get, mode, nodes, mostNodes, 0, 0));
      return { cpus, memory: { mode: mode[0] ?? 0, nodes } };
    },
    bind({ cpus, memory: { mode, nodes } }) {
      check("sched_setaffinity", setAffinity(0, cpus.byteLength, cpus));
      const isEmpty = nodes.every((word) => word === 0n);
      // The kernel takes one bit less than it is told of.
      check("set_mempolicy", setPolicy(calls.set, mode, isEmpty ? null : nodes, isEmpty ? 0 : mostNodes + 1));
    },
  };
}
