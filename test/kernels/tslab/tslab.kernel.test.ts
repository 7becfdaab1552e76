import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  executeNotebook,
  type ExecutedCell,
  installKernels,
  shownAs,
  writeNotebook,
} from "../../tools/executeNotebook.ts";

const outputFolder = resolve(import.meta.dirname, "../../../numalab-out/notebooks");
mkdirSync(outputFolder, { recursive: true });
const scratch = mkdtempSync(join(outputFolder, "tslab-"));

/** These cells, executed by tslab. */
function execute(name: string, sources: readonly string[]): Promise<ExecutedCell[]> {
  const path = join(scratch, `${name}.ipynb`);
  writeNotebook(path, sources);
  return executeNotebook(path, join(scratch, "executed"), "tslab");
}

beforeAll(installKernels);
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

test(
  "tslab probes this machine, benches a small model and shows a frame and a figure",
  { timeout: 180_000 },
  async () => {
    const [, probed, benched, frame, figure] = await execute("sdk", [
      `import { probeTopology } from "numalab/topology";
import { synthesizeModel } from "numalab/model";
import { bench } from "numalab/study";
import { toFrame } from "numalab/frame";
import { topologyMap } from "numalab/plot";
import { display } from "numalab/report";`,
      "const machine = await probeTopology();\nconst packages: number = machine.packages;\npackages",
      `const { path } = await synthesizeModel({ preset: "qwen2.5-0.5b", depth: 1, quant: "Q8_0", randomSeed: 1, folder: "models" });
const { runs } = await bench(
  { modelPaths: [path], promptTokensCounts: [16], decodeTokensCounts: [4], threadCounts: [1], repetitionsCount: 1 },
  { runsFolder: "runs" },
);
console.log(runs.length);`,
      "await display((await toFrame(runs)).head(2));",
      "await display(topologyMap(machine));",
    ]);
    expect(Number(shownAs("text/plain", probed!))).toBeGreaterThan(0);
    expect(Number(shownAs("text/plain", benched!))).toBeGreaterThan(0);
    expect(shownAs("text/html", frame!)).toContain('<table class="dataframe">');
    expect(shownAs("text/html", figure!)).toContain("data:image/svg+xml");
  },
);

test("tslab fails a notebook whose cell throws, and says which", async () => {
  const executed = execute("throws", ["const answer = 42;", 'throw new Error("no answer");']);
  await expect(executed).rejects.toThrow("Error: no answer");
});

test("tslab fails a notebook whose types are wrong", async () => {
  const executed = execute("types", ['import { topology } from "numalab";', 'topology.probeTopology("x".y);']);
  await expect(executed).rejects.toThrow("Property 'y' does not exist");
});
