import { Command } from "commander";
import { printJson, printNote, printWarnings } from "../output.ts";

interface ReportFlags {
  readonly out: string;
  readonly json?: true;
}

async function run(path: string, flags: ReportFlags): Promise<void> {
  const [{ readRuns }, { diagnosisOf, reportOf }, { assertPagePlace, page, writePage }] = await Promise.all([
    import("../../record/index.ts"),
    import("../../study/index.ts"),
    import("../../report/index.ts"),
  ]);
  await assertPagePlace(flags.out);
  const { runs, warnings } = await readRuns(path);
  printWarnings(warnings);
  const diagnosis = diagnosisOf(runs);
  await writePage(flags.out, await page(reportOf(diagnosis)));
  if (flags.json) printJson(diagnosis);
  printNote(`Written: ${flags.out} (${runs.length} runs)`);
}

/** `numalab report`: records as one self-contained HTML page. */
export function reportCommand(): Command {
  return new Command("report")
    .description("write one self-contained HTML page from recorded runs")
    .argument("<runs>", "a records file, or a study's folder")
    .option("--out <file>", "the page", "numalab-out/report.html")
    .option("--json", "also print the diagnosis as one JSON document")
    .action(run);
}
