import type { CatalogueRows } from "../catalogue/index.ts";
import { readCatalogue } from "../catalogue/index.ts";
import { ModelError } from "./errors.ts";
import type { ModelShape, ShapeSpec } from "./shape.ts";
import { architectures, planShape } from "./shape.ts";

/** A published model whose shape can be synthesized. */
export interface Preset {
  readonly name: string;
  readonly shape: ModelShape;
}

type ModelRow = CatalogueRows["models"];

/** What the catalogue leaves out because neither changes speed or size; from the models' config.json files. */
const constants: readonly (readonly [names: RegExp, ropeBase: number, normEpsilon: number])[] = [
  [/^Llama-3/, 500_000, 1e-5],
  [/^Mistral-Nemo/, 1_000_000, 1e-5],
  [/R1-Distill-Qwen-(1\.5|7)B/, 10_000, 1e-6],
  [/^Qwen2\.5-(0\.5|1\.5|3|7)B/, 1_000_000, 1e-6],
  [/Qwen/, 1_000_000, 1e-5],
];

/** A row of one of our architectures has all the figures of a decoder. */
type DecoderRow = { readonly [Name in keyof ModelRow]: NonNullable<ModelRow[Name]> };

function presetOf(row: DecoderRow): Preset {
  const [, ropeBase = 10_000, normEpsilon = 1e-5] = constants.find(([names]) => names.test(row.name)) ?? [];
  const {
    layersCount,
    hiddenSize,
    feedForwardSize,
    headsCount,
    kvHeadsCount,
    headSize,
    vocabularyCount,
    contextTokensCount,
  } = row;
  const shape = planShape({
    architecture: row.architecture as ShapeSpec["architecture"],
    layersCount,
    hiddenSize,
    feedForwardSize,
    headsCount,
    kvHeadsCount,
    headSize,
    vocabularyCount,
    contextTokensCount,
    tiedEmbeddings: row.hasTiedEmbeddings,
    ropeBase,
    normEpsilon,
  });
  return { name: row.name, shape };
}

/** The published models that can be synthesized, from the catalogue. */
export async function readPresets(): Promise<readonly Preset[]> {
  const rows = await readCatalogue("models");
  const known: readonly (string | null)[] = architectures;
  return rows.filter((row): row is DecoderRow => known.includes(row.architecture)).map(presetOf);
}

/** The presets of exactly this name, else those that have it after a dash. */
function presetsNamed(name: string, presets: readonly Preset[]): readonly Preset[] {
  const exact = presets.filter((preset) => preset.name.toLowerCase() === name.toLowerCase());
  return exact.length > 0
    ? exact
    : presets.filter((preset) => preset.name.toLowerCase().endsWith(`-${name.toLowerCase()}`));
}

/**
 * The published model of a name, in any case; words before a dash may be left out, as in `r1-distill-qwen-7b`.
 * @throws {ModelError} `no-such-preset` when no model, or more than one, has that name
 */
export async function readPreset(name: string): Promise<Preset> {
  const presets = await readPresets();
  const [preset, ...others] = presetsNamed(name, presets);
  if (preset !== undefined && others.length === 0) return preset;
  const known = presets.map((candidate) => candidate.name.toLowerCase());
  const found = preset === undefined ? "No preset has" : `${others.length + 1} presets have`;
  throw new ModelError("no-such-preset", `${found} the name ${name}. Pass one of ${known.join(", ")}.`, {
    facts: { name, known },
  });
}
