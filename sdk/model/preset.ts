import type { CatalogueRows } from "../catalogue/index.ts";
import { readCatalogue } from "../catalogue/index.ts";
import type { ArchitectureName } from "./architecture.ts";
import { architectureNames } from "./architecture.ts";
import { ModelError } from "./errors.ts";
import type { ModelShape, ShapeSpec } from "./shape.ts";
import { planShape } from "./shape.ts";

/** A published model whose shape can be synthesized. */
export interface Preset {
  readonly name: string;
  readonly shape: ModelShape;
}

type ModelRow = CatalogueRows["models"];
type SynthesizableRow = ModelRow & { readonly architecture: ArchitectureName };

function isSynthesizable(row: ModelRow): row is SynthesizableRow {
  const known: readonly (string | null)[] = architectureNames;
  return known.includes(row.architecture);
}

/** What a row and a shape call by the same name. */
const sharedNames = [
  "layersCount",
  "hiddenSize",
  "feedForwardSize",
  "headsCount",
  "kvHeadsCount",
  "headSize",
  "valueSize",
  "rotarySize",
  "queryLatentSize",
  "keyValueLatentSize",
  "slidingWindowTokensCount",
  "expertsCount",
  "expertsUsedCount",
  "expertFeedForwardSize",
  "sharedExpertsCount",
  "denseLayersCount",
  "expertGating",
  "vocabularyCount",
  "contextTokensCount",
  "ropeBase",
  "normEpsilon",
] as const satisfies readonly (keyof ShapeSpec & keyof ModelRow)[];

function presetOf(row: SynthesizableRow): Preset {
  const stated = sharedNames.map((name) => [name, row[name]] as const).filter(([, value]) => value !== null);
  const { name, architecture, hasTiedEmbeddings } = row;
  const tied = hasTiedEmbeddings === null ? {} : { tiedEmbeddings: hasTiedEmbeddings };
  // A row of one of our architectures states all that a shape needs: a test plans every one.
  return { name, shape: planShape({ ...Object.fromEntries(stated), architecture, ...tied } as ShapeSpec) };
}

/** The published models that can be synthesized, from the catalogue. */
export async function readPresets(): Promise<readonly Preset[]> {
  return (await readCatalogue("models")).filter(isSynthesizable).map(presetOf);
}

/** What has exactly this name, else what has it after a dash. */
function named<Row extends { readonly name: string }>(name: string, rows: readonly Row[]): readonly Row[] {
  const exact = rows.filter((row) => row.name.toLowerCase() === name.toLowerCase());
  return exact.length > 0 ? exact : rows.filter((row) => row.name.toLowerCase().endsWith(`-${name.toLowerCase()}`));
}

async function faultOf(name: string, foundCount: number): Promise<string> {
  if (foundCount > 0) return `${foundCount} presets have the name ${name}`;
  const [row] = named(name, await readCatalogue("models"));
  if (row === undefined) return `No preset has the name ${name}`;
  return `${row.name} is a ${row.family} that GGUF has no architecture for, so it cannot be synthesized`;
}

/**
 * The published model of a name, in any case; words before a dash may be left out, as in `r1-distill-qwen-7b`.
 * @throws {ModelError} `no-such-preset` when no model, or more than one, has that name
 */
export async function readPreset(name: string): Promise<Preset> {
  const presets = await readPresets();
  const found = named(name, presets);
  const [preset] = found;
  if (preset !== undefined && found.length === 1) return preset;
  const known = presets.map((candidate) => candidate.name.toLowerCase());
  const message = `${await faultOf(name, found.length)}. Pass one of ${known.join(", ")}.`;
  throw new ModelError("no-such-preset", message, { facts: { name, known } });
}
