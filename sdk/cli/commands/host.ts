import { Command, Option } from "commander";
import type { DesiredSettings, TuningPlan, TuningPreset } from "../../host/index.ts";
import { formatQuantity } from "../../units/index.ts";
import { byteQuantity, wholeNumber } from "../flags.ts";
import { interruptSignal } from "../interrupt.ts";
import { printJson, printNote, printText } from "../output.ts";

/** Outside of homes, which several hosts may share. */
const journalFolder = "/var/lib/numalab";

interface WantedFlags {
  readonly preset: TuningPreset;
  readonly desired?: string;
  readonly irqDevices?: string;
  readonly irqCpus?: string;
  readonly irqAwayFrom?: string;
  readonly root?: string;
  readonly json?: true;
}

interface ApplyFlags extends WantedFlags {
  readonly yes?: true;
  readonly journal: string;
}

async function wantedOf({ preset, desired, irqDevices, irqCpus, irqAwayFrom }: WantedFlags): Promise<DesiredSettings> {
  const { readDesired, tuningPresets } = await import("../../host/index.ts");
  const settings = desired === undefined ? tuningPresets[preset] : await readDesired(desired);
  if ([irqDevices, irqCpus, irqAwayFrom].every((flag) => flag === undefined)) return settings;
  const devices = irqDevices === undefined || irqDevices === "all" ? "all" : irqDevices.split(",");
  return { ...settings, interrupts: { devices, cpus: irqCpus, awayFrom: irqAwayFrom } };
}

async function planOf(flags: WantedFlags): Promise<TuningPlan> {
  const { auditHost, planTuning } = await import("../../host/index.ts");
  const audit = await auditHost(flags.root === undefined ? {} : { root: flags.root });
  return planTuning(await wantedOf(flags), audit);
}

function auditCommand(): Command {
  return new Command("audit")
    .description("show how this host is set: memory, frequency, boot line, devices, interrupts, memory errors")
    .option("--root <dir>", "read a recorded machine: a folder with its sys/ and proc/")
    .option("--json", "print one JSON document")
    .action(async ({ root, json }: { root?: string; json?: true }) => {
      const { auditHost, formatAudit } = await import("../../host/index.ts");
      const audit = await auditHost(root === undefined ? {} : { root });
      if (json) printJson(audit);
      else printText(formatAudit(audit));
    });
}

function wantingCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .addOption(
      new Option("--preset <purpose>", "what the host is set for")
        .choices(["latency", "throughput", "measurement"])
        .default("measurement"),
    )
    .addOption(
      new Option(
        "--desired <file>",
        "a JSON file of wanted settings, those of network interfaces among them",
      ).conflicts("preset"),
    )
    .option("--irq-devices <names>", "devices whose interrupts are moved: eth0,nvme0 or all")
    .option("--irq-cpus <list>", "CPUs that take them, or own-node: those of each device's NUMA node")
    .option("--irq-away-from <list>", "CPUs that are spared, as those that are measured")
    .option("--root <dir>", "a recorded machine: a folder with its sys/ and proc/")
    .option("--json", "print one JSON document");
}

async function apply(flags: ApplyFlags): Promise<void> {
  const { applyTuning, formatApplied, formatPlan } = await import("../../host/index.ts");
  const plan = await planOf(flags);
  if (!flags.json) printNote(formatPlan(plan));
  const changes = await applyTuning(plan, { journalFolder: flags.journal, confirm: flags.yes === true });
  if (flags.json) printJson(changes);
  else printText(formatApplied(changes));
  if (changes.some(({ refusal }) => refusal !== null)) process.exitCode = 1;
}

async function undo(flags: { root?: string; journal: string; json?: true }): Promise<void> {
  const { formatUndone, undoTuning } = await import("../../host/index.ts");
  const spec = { journalFolder: flags.journal, ...(flags.root === undefined ? {} : { root: flags.root }) };
  const changes = await undoTuning(spec);
  if (flags.json) printJson(changes);
  else printText(formatUndone(changes));
  if (changes.some(({ outcome }) => outcome === "refused")) process.exitCode = 1;
}

function undoCommand(): Command {
  return new Command("undo")
    .description("bring back everything that apply changed, also after a crash or a restart")
    .option("--journal <dir>", "folder of the journal", journalFolder)
    .option("--root <dir>", "a recorded machine: a folder with its sys/ and proc/")
    .option("--json", "print one JSON document")
    .action(undo);
}

function dropCachesCommand(): Command {
  return new Command("drop-caches")
    .description("empty the page cache (as root), so that the next run reads its model from disk")
    .option("--yes", "confirm: every program on the host reads from disk again")
    .option("--json", "print one JSON document")
    .action(async ({ yes, json }: { yes?: true; json?: true }) => {
      const { dropCaches } = await import("../../host/index.ts");
      const dropped = dropCaches({ confirm: yes === true });
      const [before, after] = [dropped.cachedBytesBefore, dropped.cachedBytesAfter];
      if (json) printJson(dropped);
      else printText(`page cache: ${formatQuantity(before, "bytes")} before, ${formatQuantity(after, "bytes")} after`);
    });
}

interface MemtestFlags {
  readonly bytes: number;
  readonly passes: number;
  readonly units?: string;
  readonly alert?: string;
  readonly json?: true;
}

async function printUnits(calendar: string, { bytes, alert, json }: MemtestFlags): Promise<void> {
  const { memoryTestUnits } = await import("../../host/index.ts");
  const units = memoryTestUnits({ bytes, calendar, ...(alert === undefined ? {} : { alertCommand: alert }) });
  if (json) {
    printJson(units);
    return;
  }
  const fileText = (name: string, text: string) => `# /etc/systemd/system/${name}\n${text}`;
  const parts = [
    fileText("numalab-memtest.service", units.service),
    fileText("numalab-memtest.timer", units.timer),
    fileText("numalab-memtest-alert.service", units.alert),
    "# then: systemctl daemon-reload && systemctl enable --now numalab-memtest.timer",
  ];
  printText(parts.join("\n"));
}

async function memtest(flags: MemtestFlags): Promise<void> {
  const { bytes, passes, units } = flags;
  if (units !== undefined) {
    await printUnits(units, flags);
    return;
  }
  const { formatMemoryTest, testMemory } = await import("../../host/index.ts");
  const result = await testMemory({ bytes, passesCount: passes, signal: interruptSignal() });
  if (flags.json) printJson(result);
  else printText(formatMemoryTest(result));
  if (!result.hasPassed) process.exitCode = 1;
}

function memtestCommand(): Command {
  return new Command("memtest")
    .description("test a part of memory by memtester; exits with 1 when it fails")
    .option("--bytes <size>", "how much, such as 1GiB; it has to be free", byteQuantity, 2 ** 30)
    .option("--passes <n>", "how often", wholeNumber(1), 1)
    .option("--units <calendar>", "print systemd units that test at these times, such as weekly, and test nothing")
    .option("--alert <command>", "what the units run when a test fails (default: an alert in the system's log)")
    .option("--json", "print one JSON document")
    .action(memtest);
}

/** `numalab host`: how this host is set. */
export function hostCommand(): Command {
  const plan = wantingCommand("plan", "show what would be changed, why and what it costs").action(
    async (flags: WantedFlags) => {
      const { formatPlan } = await import("../../host/index.ts");
      const tuning = await planOf(flags);
      if (flags.json) printJson(tuning);
      else printText(formatPlan(tuning));
    },
  );
  const applying = wantingCommand("apply", "change this host as planned (as root), with a journal for undo")
    .option("--yes", "confirm: this changes the host for every program on it")
    .option("--journal <dir>", "folder of the journal", journalFolder)
    .action(apply);
  const command = new Command("host").description("show and change how this host is set; test its memory");
  const commands = [auditCommand(), plan, applying, undoCommand(), dropCachesCommand(), memtestCommand()];
  for (const one of commands) command.addCommand(one);
  return command;
}
