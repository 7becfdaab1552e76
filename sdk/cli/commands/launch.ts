import type { Writable } from "node:stream";
import { Command } from "commander";
import {
  findLibraries,
  formatExit,
  formatFlags,
  formatSheet,
  type InstancePlan,
  type LaunchedInstance,
  LaunchError,
  type LaunchRequest,
  type LaunchSheet,
  openBindingProofs,
  openLogFiles,
  parseLaunch,
  planSheet,
  probeBindingWay,
  type Program,
  readNodeBandwidths,
  type SupervisedExit,
  superviseLaunch,
} from "../../launch/index.ts";
import { probeTopology } from "../../topology/index.ts";
import { interruptSignal, secondInterruptSignal, wasInterrupted } from "../interrupt.ts";
import { mergeOutput } from "../instanceOutput.ts";
import { printJson, printText, printWarnings } from "../output.ts";
import { watchLaunch } from "../watchView.ts";

/** Reads the machine and makes every choice. */
async function sheetOf(request: LaunchRequest): Promise<LaunchSheet> {
  const { root } = request;
  const topology = await probeTopology(root === null ? {} : { root });
  const isThisMachine = root === null && request.taskManager === "auto";
  const [probe, libraries] = await Promise.all([isThisMachine ? probeBindingWay(topology) : null, findLibraries()]);
  const nodeBandwidths = readNodeBandwidths(topology);
  const binding = probe ?? { way: "numactl", reason: null, advice: null };
  return planSheet(request, { topology, binding, libraries, nodeBandwidths, preset: process.env });
}

/** The program, with the environment that was planned for each instance. */
function programOf(request: LaunchRequest, sheet: LaunchSheet): Program {
  const [file, ...args] = request.command;
  const environment = ({ instanceIndex }: InstancePlan): Record<string, string | undefined> => {
    const instance = sheet.instances.find((candidate) => candidate.instanceIndex === instanceIndex);
    const removed = instance?.removedVariables ?? [];
    return { ...Object.fromEntries(removed.map((name) => [name, undefined])), ...instance?.environment };
  };
  return { file, args, environment };
}

/** Shows what each instance says, what its binding is and how it ends, until all have ended for good. */
async function run(request: LaunchRequest, sheet: LaunchSheet): Promise<void> {
  const logFiles = openLogFiles(request, sheet);
  const running = new Set<LaunchedInstance>();
  using view = request.isWatched ? watchLaunch(() => [...running]) : null;
  const [stdout, stderr] = [request.isJson ? process.stderr : process.stdout, process.stderr].map(
    (target) => view?.above(target) ?? target,
  ) as [Writable, Writable];
  const tell = (instanceIndex: number, words: string): boolean => stderr.write(`[${instanceIndex}] ${words}\n`);
  const proofs = openBindingProofs(request.supervision.ready !== undefined, tell);
  const shown = new Map<number, Promise<void>>();
  const show = (instance: LaunchedInstance): void => {
    const { instanceIndex } = instance.plan;
    running.add(instance);
    void instance.exited.then(() => running.delete(instance));
    instance.stdin.end();
    const logFile = logFiles.get(instanceIndex) ?? null;
    shown.set(instanceIndex, mergeOutput(instance, { prefix: `[${instanceIndex}] `, stdout, stderr, logFile }));
    proofs.onStart(instance);
  };
  const tellEnd = async (end: SupervisedExit): Promise<void> => {
    await shown.get(end.instanceIndex);
    tell(end.instanceIndex, end.startError ?? formatExit(end));
  };
  await using supervision = await superviseLaunch(sheet, programOf(request, sheet), {
    ...request.supervision,
    signal: interruptSignal(),
    killSignal: secondInterruptSignal(),
    onStart: show,
    beforeStop: proofs.beforeStop,
    onRestart: ({ instanceIndex, reason, delaySeconds, restartsCount }) =>
      tell(instanceIndex, `${reason}; restart ${restartsCount} in ${delaySeconds} s`),
    onEnd: (end) => void tellEnd(end),
  });
  const ends = await supervision.ended;
  await Promise.all(shown.values());
  const instances = ends.map((end) => ({ ...end, ...proofs.proofOf(end.instanceIndex) }));
  if (request.isJson) printJson({ instances, warnings: sheet.warnings });
  process.exitCode = wasInterrupted() ? 130 : ends.every(({ exitCode }) => exitCode === 0) ? 0 : 1;
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
  if (request.isDryRun) {
    if (request.isJson) printJson(sheet);
    else printText(formatSheet(sheet));
    return;
  }
  try {
    await run(request, sheet);
  } catch (error) {
    if (!wasInterrupted()) throw error;
    process.exitCode = 130;
  }
}

/** `numalab launch`: bound instances of any program. */
export function launchCommand(): Command {
  return new Command("launch")
    .description("start bound instances of any program; understands the flags of ipexrun and of torch's run_cpu")
    .usage("[flags] [--] PROGRAM [ARGS]")
    .argument("[words...]", "flags, then the program with its own arguments")
    .allowUnknownOption()
    .passThroughOptions()
    .addHelpText("after", formatFlags)
    .action((words: string[], _: unknown, command: Command) => launch(words, command));
}
