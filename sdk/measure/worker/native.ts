import { readFileSync } from "node:fs";

/** What a reader needs of the C library. Only for a process that may crash. */
export interface Native {
  /** Confines the calling thread to one CPU; whether that came about. */
  readonly pinThread: (cpuIndex: number) => boolean;
  /** Asks for huge pages behind these bytes; to be called before they are first touched. */
  readonly adviseHugePages: (bytes: Uint8Array) => void;
  /** The address of the first byte. */
  readonly addressOf: (bytes: Uint8Array) => bigint;
}

const adviceHugePage = 14;

function allowedCpus(): string | undefined {
  return /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync("/proc/thread-self/status", "utf8"))?.[1];
}

/** The C library of this process, glibc or musl; null where koffi has no binary for this platform. */
export async function openNative(): Promise<Native | null> {
  const koffi = await import("koffi").catch(() => null);
  if (koffi === null) return null;
  const library = koffi.default.load(null);
  const setAffinity = library.func("int sched_setaffinity(int, size_t, const void *)");
  const advise = library.func("int madvise(uintptr_t, size_t, int)");
  const addressOf = (bytes: Uint8Array): bigint => koffi.default.address(bytes);
  return {
    pinThread(cpuIndex) {
      const mask = new BigUint64Array(Math.floor(cpuIndex / 64) + 1);
      mask[mask.length - 1] = 1n << BigInt(cpuIndex % 64);
      setAffinity(0, mask.byteLength, mask);
      return allowedCpus() === String(cpuIndex);
    },
    adviseHugePages(bytes) {
      advise(addressOf(bytes), bytes.byteLength, adviceHugePage);
    },
    addressOf,
  };
}
