import { join } from "node:path";
import { homedir } from "node:os";
import { Command } from "commander";
import type { DiagnoseResult } from "../../study/index.ts";
import { presentOf, wholeNumber, wholeNumbers } from "../flags.ts";
import { interruptSignal } from "../interrupt.ts";
import { openStatusLine, printJson, printNote, printText } from "../output.ts";
import { modelPathOf, placesOf } from "../places.ts";

interface DiagnoseFlags {
  readonly synthetic?: true;
  readonly preset?: string;
  readonly depth?: number;
  readonly threads?: number[];
  readonly budget?: number;
  readonly fresh?: true;
  readonly data?: string;
  readonly out: string;
  readonly json?: true;
}

async function writeReports({ diagnosis, topology }: DiagnoseResult, folder: string): Promise<string> {
  const [{ markdownOf, page, writePage }, { reportOf }] = await Promise.all([
    import("../../report/index.ts"),
    import("../../study/index.ts"),
  ]);
  const report = reportOf(diagnosis, topology);
  const markdown = markdownOf(report);
  await writePage(join(folder, "diagnosis.md"), markdown);
  await writePage(join(folder, "diagnosis.json"), `${JSON.stringify(diagnosis, null, 2)}\n`);
  await writePage(join(folder, "diagnosis.html"), await page(report));
  return markdown;
}

/** Flags that shape a synthetic model say nothing about a named file. */
function assertNoSynthesis(flags: DiagnoseFlags, command: Command): void {
  const given = (["synthetic", "preset", "depth"] as const).filter((name) => flags[name] !== undefined);
  if (given.length === 0) return;
  command.error(
    `error: --${given.join(", --")} shape a synthetic model, and model files were named. Give one or the other.`,
  );
}

async function run(names: readonly string[], flags: DiagnoseFlags, command: Command): Promise<void> {
  if (names.length > 0) assertNoSynthesis(flags, command);
  const modelPaths = await Promise.all(names.map((name) => modelPathOf(name)));
  const { assertPagePlace } = await import("../../report/index.ts");
  await assertPagePlace(join(flags.out, "diagnosis.html"));
  const [{ diagnose }, { userModelPlaces }] = await Promise.all([
    import("../../study/index.ts"),
    import("../../model/index.ts"),
  ]);
  const { models, runs } = placesOf(flags.data);
  const { synthetic, preset, depth, fresh, threads: threadCounts } = flags;
  const status = openStatusLine();
  const result = await diagnose(
    {
      modelPaths,
      ...presentOf({ synthetic, preset, depth, fresh, threadCounts }),
      stop: presentOf({ budgetSeconds: flags.budget }),
    },
    {
      modelsFolder: models,
      runsFolder: runs,
      userPlaces: userModelPlaces(homedir(), process.env),
      signal: interruptSignal(),
      onProgress: ({ message, doneRatio }) => {
        status.show(message, doneRatio);
      },
    },
  ).finally(() => {
    status.clear();
  });
  if (result.resumed) printNote("Continued an interrupted study; --fresh begins anew.");
  const markdown = await writeReports(result, flags.out);
  if (flags.json) printJson(result.diagnosis);
  else printText(markdown);
  printNote(
    `Written: ${join(flags.out, "diagnosis.html")}, diagnosis.md, diagnosis.json; runs in ${result.recordsFolder}`,
  );
}

/** `numalab diagnose`: the main job. */
export function diagnoseCommand(): Command {
  return new Command("diagnose")
    .description("find out what this machine gives, which setting is best and what bounds it")
    .argument("[model...]", "GGUF files, or names such as ollama:llama3.2:1b (default: your own, else a synthetic one)")
    .option("--synthetic", "use a synthetic model even if you have model files")
    .option("--preset <name>", "shape of the synthetic model")
    .option("--depth <n>", "keep only the first n layers of that shape", wholeNumber(1))
    .option("--threads <list>", "thread counts, such as 1,2,4", wholeNumbers(1))
    .option("--budget <seconds>", "time for the runs", wholeNumber(1))
    .option("--fresh", "begin anew instead of continuing an interrupted study")
    .option("--data <dir>", "data folder")
    .option("--out <dir>", "where the pages go", "numalab-out")
    .option("--json", "print one JSON document")
    .action(run);
}
