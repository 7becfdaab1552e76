import koffi from "koffi";

/** mbind, set_mempolicy, get_mempolicy and set_mempolicy_home_node, and seccomp itself. */
const calls = {
  x64: { policy: [237, 238, 239, 450], seccomp: 317 },
  arm64: { policy: [235, 236, 237, 450], seccomp: 277 },
}[process.arch];

const loadCallNumber = [0x20, 0, 0, 0];
const returnUnless = (callNumber, result) => [
  [0x15, 0, 1, callNumber],
  [0x06, 0, 0, result],
];
const allowed = 0x7fff0000;
const failed = 0x00050000;

function bytesOf([code, jumpIfTrue, jumpIfFalse, value]) {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(code, 0);
  bytes.set([jumpIfTrue, jumpIfFalse], 2);
  bytes.writeUInt32LE(value, 4);
  return bytes;
}

/**
 * From now on the kernel answers every call of memory policy by this process, all its threads and children with the error,
 * as it does in a container without the capability SYS_NICE.
 * @see https://man7.org/linux/man-pages/man2/seccomp.2.html
 */
export function refuseMemoryPolicy(error) {
  const rules = [
    loadCallNumber,
    ...calls.policy.flatMap((call) => returnUnless(call, failed | error)),
    [0x06, 0, 0, allowed],
  ];
  const program = koffi.struct("sock_fprog", { length: "uint16_t", filter: "void *" });
  const libc = koffi.load("libc.so.6");
  const prctl = libc.func("int prctl(int option, ulong a, ulong b, ulong c, ulong d)");
  const seccomp = libc.func("syscall", "long", ["long", "ulong", "ulong", koffi.pointer(program)]);
  const [noNewPrivileges, setFilter, allThreads] = [38, 1, 1];
  prctl(noNewPrivileges, 1, 0, 0, 0);
  const filter = { length: rules.length, filter: Buffer.concat(rules.map(bytesOf)) };
  if (seccomp(calls.seccomp, setFilter, allThreads, filter) !== 0)
    throw new Error("The kernel took no filter of system calls.");
}
