import { formatQuantity } from "../units/index.ts";
import { HostError } from "./errors.ts";
import { readMemoryState } from "./memoryState.ts";

/** What a test of memory needs to know. */
export interface MemoryTestSpec {
  /** How much memory is locked and written: it has to be free. */
  readonly bytes: number;
  readonly passesCount?: number;
  /** The program, where it is not on the PATH as memtester. */
  readonly program?: string;
  readonly signal?: AbortSignal;
}

/** What memtester found. */
export interface MemoryTestResult {
  readonly bytes: number;
  readonly passesCount: number;
  readonly hasPassed: boolean;
  /** The tests that failed, by memtester's names. */
  readonly failures: readonly string[];
}

const mebibyte = 2 ** 20;
const mebibytesOf = (bytes: number) => Math.max(1, Math.floor(bytes / mebibyte));

/** The tests that failed in the standard output of memtester: `  Random Value        : ok` passed, one without `ok` did not. */
export function parseMemoryFailures(text: string): readonly string[] {
  const starts = [...text.matchAll(/ {2}([A-Z][\w -]*?) *: /g)];
  const failed = starts.filter(({ index }, at) => !/\bok\b/.test(text.slice(index, starts[at + 1]?.index)));
  return [...new Set(failed.map(([, name = ""]) => name))];
}

/** Of more than there is, memtester would lock all that there is and starve the host. */
function assertAvailable(bytes: number): void {
  const { availableBytes } = readMemoryState("/", { numaNodes: [] });
  if (availableBytes === null || bytes <= availableBytes) return;
  const message = `${formatQuantity(bytes, "bytes")} of memory were to be tested; needed is that they are free, and ${formatQuantity(availableBytes, "availableBytes")} are. Ask for less, or stop what uses memory.`;
  throw new HostError("memory-test-failed", message, { facts: { bytes, availableBytes } });
}

/** Bits of memtester's exit code: the address lines, and every other test. */
const failedBits = 0x02 | 0x04;

/**
 * Tests memory with memtester(8), which has to be installed, and tells which tests failed.
 * @throws {HostError} `no-such-program`; `memory-test-failed` when there is less free memory or the test itself could not run, which says nothing of the memory
 */
export async function testMemory(spec: MemoryTestSpec): Promise<MemoryTestResult> {
  const { bytes, passesCount = 1, program = "memtester", signal } = spec;
  assertAvailable(bytes);
  const { execa } = await import("execa");
  const args = [`${mebibytesOf(bytes)}M`, String(passesCount)];
  const options = {
    reject: false,
    stdin: "ignore",
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  } as const;
  const result = await execa(program, args, options);
  if (result.code === "ENOENT") {
    const message = `${program} was not found; needed is the program that tests memory. Install it: apt install memtester.`;
    throw new HostError("no-such-program", message, { facts: { program } });
  }
  const failures = parseMemoryFailures(result.stdout);
  const exitCode = result.exitCode ?? 1;
  if (exitCode !== 0 && (exitCode & failedBits) === 0) {
    const last = result.stderr.trim().split("\n").at(-1) ?? "";
    const message = `${program} ended with ${result.signal ?? exitCode} before it tested: ${last}. Needed are ${mebibytesOf(bytes)} MiB of free memory that it may lock: ask for less, or run it as root.`;
    throw new HostError("memory-test-failed", message, { facts: { exitCode, last } });
  }
  return { bytes, passesCount, hasPassed: exitCode === 0, failures };
}

/** The unit files that test memory at set times, and raise an alert when it fails. */
export interface MemoryTestUnits {
  readonly service: string;
  readonly timer: string;
  /** What the service starts when it fails. */
  readonly alert: string;
}

/** What the units need to know. */
export interface MemoryTestSchedule {
  readonly bytes: number;
  /** As systemd.time(7) spells it: `weekly`, `Sun 03:00`. */
  readonly calendar?: string;
  /** The command that raises the alert, as systemd.service(5) spells it: an alert in the system's log unless told. */
  readonly alertCommand?: string;
}

/** A unit file: its sections, each with its lines. */
const unitOf = (sections: Readonly<Record<string, readonly string[]>>): string =>
  Object.entries(sections)
    .map(([name, lines]) => [`[${name}]`, ...lines, ""].join("\n"))
    .join("\n");

const logAlert =
  'logger --priority daemon.alert --tag numalab "a memory test failed or could not run: journalctl --unit numalab-memtest"';

function assertOneLine(name: string, text: string): void {
  if (text.trim() !== "" && !/[\r\n]/.test(text)) return;
  const message = `The ${name} of a memory test is ${JSON.stringify(text)}; needed is one line. Say it on one.`;
  throw new HostError("bad-settings", message, { facts: { name, found: text } });
}

/**
 * The texts of three systemd units: a timer, the service that tests memory, and the one that it starts when the test fails or
 * cannot run.
 * @throws {HostError} `bad-settings` for a calendar or a command that is no single line
 * @see https://www.freedesktop.org/software/systemd/man/latest/systemd.timer.html
 */
export function memoryTestUnits(schedule: MemoryTestSchedule): MemoryTestUnits {
  const { bytes, calendar = "weekly", alertCommand = logAlert } = schedule;
  assertOneLine("calendar", calendar);
  assertOneLine("alert command", alertCommand);
  const service = unitOf({
    Unit: [
      "Description=Test a part of memory",
      "ConditionVirtualization=!container",
      "OnFailure=numalab-memtest-alert.service",
    ],
    Service: [
      "Type=oneshot",
      "Nice=19",
      `ExecStart=/usr/sbin/memtester ${mebibytesOf(bytes)}M 1`,
      "LimitMEMLOCK=infinity",
    ],
  });
  const timer = unitOf({
    Unit: ["Description=Test a part of memory at set times"],
    Timer: [`OnCalendar=${calendar}`, "RandomizedDelaySec=1h", "Persistent=true"],
    Install: ["WantedBy=timers.target"],
  });
  const alert = unitOf({
    Unit: ["Description=Tell that a memory test failed"],
    Service: ["Type=oneshot", `ExecStart=${alertCommand}`],
  });
  return { service, timer, alert };
}
