import { Command } from "commander";
import type { MemoryNeed } from "../../host/index.ts";
import { byteQuantity, nonNegative, wholeNumber } from "../flags.ts";
import { interruptSignal } from "../interrupt.ts";
import { printJson, printText } from "../output.ts";
import { modelPathOf } from "../places.ts";

interface DoctorFlags {
  readonly root?: string;
  readonly model?: string;
  readonly need?: number;
  readonly needRatio?: number;
  readonly reserve?: number;
  readonly watch?: true | number;
  readonly samples?: number;
  readonly json?: true;
}

async function needFrom({ model, need, needRatio, reserve }: DoctorFlags): Promise<{ need?: MemoryNeed }> {
  const [{ needOf }, { readModel }] = await Promise.all([
    import("../../host/index.ts"),
    import("../../model/index.ts"),
  ]);
  const needed = need ?? (model === undefined ? undefined : (await readModel(await modelPathOf(model))).fileBytes);
  if (needed === undefined) return {};
  const told = {
    ...(needRatio === undefined ? {} : { leastRatio: needRatio }),
    ...(reserve === undefined ? {} : { reserveRatio: reserve }),
  };
  return { need: needOf(needed, told) };
}

const rootOf = ({ root }: DoctorFlags) => (root === undefined ? {} : { root });

async function watch(flags: DoctorFlags): Promise<void> {
  const { formatMemorySample, watchMemory } = await import("../../host/index.ts");
  const spec = {
    ...rootOf(flags),
    ...(await needFrom(flags)),
    ...(typeof flags.watch === "number" ? { intervalSeconds: flags.watch } : {}),
    ...(flags.samples === undefined ? {} : { samplesCount: flags.samples }),
    signal: interruptSignal(),
  };
  for await (const sample of watchMemory(spec)) {
    if (flags.json) printText(JSON.stringify(sample));
    else printText(formatMemorySample(sample));
    if (sample.alerts.length > 0) process.exitCode = 1;
  }
}

async function check(requirementsFile: string | undefined, flags: DoctorFlags): Promise<void> {
  const { checkHost, formatCheckup, readRequirements } = await import("../../host/index.ts");
  const required = requirementsFile === undefined ? {} : { requirements: await readRequirements(requirementsFile) };
  const checkup = await checkHost({ ...rootOf(flags), ...(await needFrom(flags)), ...required });
  if (flags.json) printJson(checkup);
  else printText(formatCheckup(checkup));
  if (!checkup.isFit) process.exitCode = 1;
}

/** `numalab doctor`: what limits inference on this host. */
export function doctorCommand(): Command {
  return new Command("doctor")
    .description("show what limits inference on this host, how grave it is and what to do; exits with 1 if unfit")
    .argument(
      "[requirements]",
      "a JSON file: coresCount, memoryBytes, freeDiskBytes, diskFolder, isaFlags, kernelVersion",
    )
    .option("--model <file>", "judge memory for this GGUF file")
    .option("--need <bytes>", "judge memory for a need such as 5GiB", byteQuantity)
    .option("--need-ratio <n>", "available memory over the need (default: 1.5)", nonNegative)
    .option("--reserve <n>", "share of memory that has to stay available (default: 0.3)", nonNegative)
    .option(
      "--watch [seconds]",
      "a line of available memory and pressure every so many seconds, with alerts",
      nonNegative,
    )
    .option("--samples <n>", "end watching after so many lines", wholeNumber(1))
    .option("--root <dir>", "read a recorded machine: a folder with its sys/ and proc/")
    .option("--json", "print one JSON document")
    .action((requirements: string | undefined, flags: DoctorFlags) =>
      flags.watch === undefined ? check(requirements, flags) : watch(flags),
    );
}
