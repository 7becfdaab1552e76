// Two engines on one mapped Q8_0 file: what each holds alone, and how much of the file both hold together.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { withEngines } from "./engines.mjs";

const sumOf = (text, field) =>
  [...text.matchAll(new RegExp(`^${field}:\\s+(\\d+) kB`, "gm"))].reduce((sum, [, kib]) => sum + Number(kib) * 1024, 0);

/** Private bytes of a process, and the bytes of the model's file that it maps: all, and those that others map too. */
function memoryOf(processId, modelPath) {
  const all = readFileSync(`/proc/${processId}/smaps`, "utf8");
  const file = all
    .split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m)
    .filter((map) => map.split("\n", 1)[0].endsWith(basename(modelPath)))
    .join("");
  return {
    privateBytes: sumOf(all, "Private_Clean") + sumOf(all, "Private_Dirty"),
    fileBytes: sumOf(file, "Rss"),
    sharedBytes: sumOf(file, "Shared_Clean") + sumOf(file, "Shared_Dirty"),
  };
}

function runTwo(modelPath) {
  const spec = { modelPath, driver: "llama", useMmap: true };
  return withEngines([spec, spec], async (engines) => {
    for (const engine of engines) await engine.decode({ tokensCount: 4 });
    const memories = engines.map(({ processId }) => memoryOf(processId, modelPath));
    return {
      privateMegabytes: Math.max(...memories.map(({ privateBytes }) => privateBytes / 1e6)),
      sharedPercent: Math.min(...memories.map(({ fileBytes, sharedBytes }) => (sharedBytes / fileBytes) * 100)),
    };
  });
}

/** One group a shape. */
export async function shareGroups({ cells, shapes, model }) {
  if (!cells.includes("share")) return [];
  const groups = [];
  for (const shape of shapes) {
    const modelPath = await model(shape, "Q8_0");
    groups.push({
      title: `${shape} Q8_0, 2 engines`,
      sides: { ours: () => runTwo(modelPath) },
      figures: [
        { name: "private memory of each", side: "ours", measure: "privateMegabytes", unit: " MB", bar: { most: 200 } },
        { name: "mapped pages shared", side: "ours", measure: "sharedPercent", unit: " %", bar: { least: 99.9 } },
      ],
    });
  }
  return groups;
}
