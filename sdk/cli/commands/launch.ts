import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import {
  findLibraries,
  type FlagRow,
  flagRows,
  formatSheet,
  type InstancePlan,
  type Launch,
  LaunchError,
  type LaunchRequest,
  type LaunchSheet,
  parseLaunch,
  planSheet,
  probeBindingWay,
  type ProcessExit,
  readNodeBandwidths,
  startLaunch,
} from "../../launch/index.ts";
import { probeTopology } from "../../topology/index.ts";
import { interruptSignal, wasInterrupted } from "../interrupt.ts";
import { mergeOutput } from "../instanceOutput.ts";
import { printJson, printNote, printText, printWarnings } from "../output.ts";

/** A file's name has at most 255 bytes. */
const longestCpus = 150;

/** Reads the machine and makes every choice. */
async function sheetOf(request: LaunchRequest): Promise<LaunchSheet> {
  const { root } = request;
  const topology = await probeTopology(root === null ? {} : { root });
  const isThisMachine = root === null && request.taskManager === "auto";
  const [probe, libraries, nodeBandwidths] = await Promise.all([
    isThisMachine ? probeBindingWay(topology) : null,
    findLibraries(),
    readNodeBandwidths(topology),
  ]);
  const bindingWay = probe?.way ?? "numactl";
  return planSheet(request, { topology, bindingWay, libraries, nodeBandwidths, preset: process.env });
}

/** The log file of each instance, below a folder that is made; the first file tells what was started. */
function logFilesOf(request: LaunchRequest, sheet: LaunchSheet, text: string): (string | null)[] {
  const { logFolder, logPrefix } = request;
  if (logFolder === null || logFolder === "") return sheet.instances.map(() => null);
  mkdirSync(logFolder, { recursive: true });
  const start = `${logPrefix}_${new Date().toISOString().replace(/\D/g, "").slice(0, 14)}`;
  const notes = sheet.warnings.map(({ message, advice }) => `# ${message} ${advice}`);
  writeFileSync(join(logFolder, `${start}_instances.log`), `${[...notes, text].join("\n")}\n`);
  return sheet.instances.map(({ instanceIndex, cpus }) =>
    join(logFolder, `${start}_instance_${instanceIndex}_cores_${cpus.replaceAll(",", "_").slice(0, longestCpus)}.log`),
  );
}

interface Ended extends ProcessExit {
  readonly instanceIndex: number;
}

function endOf({ exitCode, signal }: ProcessExit): string {
  return signal === null ? `exit code ${String(exitCode)}` : `ended by ${signal}`;
}

function started(request: LaunchRequest, sheet: LaunchSheet): Promise<Launch> {
  const [file, ...args] = request.command;
  const environment = ({ instanceIndex }: InstancePlan): Record<string, string | undefined> => {
    const instance = sheet.instances.find((candidate) => candidate.instanceIndex === instanceIndex);
    const removed = instance?.removedVariables ?? [];
    return { ...Object.fromEntries(removed.map((name) => [name, undefined])), ...instance?.environment };
  };
  return startLaunch(sheet, { file, args, environment }, { signal: interruptSignal() });
}

/** Shows what each instance says, and how it ended. */
async function follow(
  launch: Launch,
  { isJson }: LaunchRequest,
  logFiles: readonly (string | null)[],
): Promise<Ended[]> {
  const stdout = isJson ? process.stderr : process.stdout;
  const shown = launch.instances.map((instance, index) => {
    instance.stdin.end();
    const prefix = `[${instance.plan.instanceIndex}] `;
    return mergeOutput(instance, { prefix, stdout, stderr: process.stderr, logFile: logFiles[index] ?? null });
  });
  await Promise.all(shown);
  const ended = async ({ plan, exited }: Launch["instances"][number]): Promise<Ended> => ({
    instanceIndex: plan.instanceIndex,
    ...(await exited),
  });
  return Promise.all(launch.instances.map(ended));
}

async function run(request: LaunchRequest, sheet: LaunchSheet, text: string): Promise<void> {
  const logFiles = logFilesOf(request, sheet, text);
  await using launch = await started(request, sheet);
  const instances = await follow(launch, request, logFiles);
  if (request.isJson) printJson({ instances, warnings: sheet.warnings });
  else for (const end of instances) printNote(`[${end.instanceIndex}] ${endOf(end)}`);
  const hasFailed = instances.some(({ exitCode }) => exitCode !== 0);
  process.exitCode = wasInterrupted() ? 130 : hasFailed ? 1 : 0;
}

/** What was asked for and its plan; flags that are wrong, or that ask for what this machine does not have, are wrong usage. */
async function planned(words: readonly string[], command: Command): Promise<[LaunchRequest, LaunchSheet]> {
  try {
    const request = parseLaunch(words);
    if (request.root !== null && !request.isDryRun)
      command.error("--root is for --dry-run: a recorded machine starts nothing.", { exitCode: 2 });
    return [request, await sheetOf(request)];
  } catch (error) {
    if (error instanceof LaunchError) command.error(error.toString(), { exitCode: 2 });
    throw error;
  }
}

async function launch(words: readonly string[], command: Command): Promise<void> {
  const [request, sheet] = await planned(words, command);
  if (!(request.isDryRun && request.isJson)) printWarnings(sheet.warnings);
  if (!request.isDryRun) await run(request, sheet, formatSheet(sheet));
  else if (request.isJson) printJson(sheet);
  else printText(formatSheet(sheet));
}

/** The flags by whose words they are, a line each. */
function flagsHelp(): string {
  const titles = { numalab: "Flags:", ipexrun: "Flags of ipexrun:", run_cpu: "Flags of torch's run_cpu:" } as const;
  const rows = Object.entries<FlagRow>(flagRows).filter(([, { help }]) => help !== "");
  const sections = Object.entries(titles).map(([owner, title]) => {
    const own = rows.filter(([, { of }]) => of[0] === owner);
    const lines = own.map(
      ([name, { type, help }]) => `  --${`${name}${type === "string" ? " <value>" : ""}`.padEnd(30)} ${help}`,
    );
    return [title, ...lines].join("\n");
  });
  return `\n${sections.join("\n\n")}`;
}

/** `numalab launch`: bound instances of any program. */
export function launchCommand(): Command {
  return new Command("launch")
    .description("start bound instances of any program; understands the flags of ipexrun and of torch's run_cpu")
    .usage("[flags] [--] PROGRAM [ARGS]")
    .argument("[words...]", "flags, then the program with its own arguments")
    .allowUnknownOption()
    .passThroughOptions()
    .addHelpText("after", flagsHelp)
    .action((words: string[], _: unknown, command: Command) => launch(words, command));
}
