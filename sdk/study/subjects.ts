import {
  type FoundModel,
  findModels,
  type Model,
  planSynthesis,
  readModel,
  type SynthesisSpec,
  synthesizeModel,
  type ModelPlace,
} from "../model/index.ts";
import { formatQuantity } from "../units/index.ts";
import { assertFits, type LoadPlan, shortageOf } from "./memory.ts";

/** Which models to ask about; all may be left out. */
export interface SubjectSpec {
  /** GGUF files of the caller. */
  readonly modelPaths?: readonly string[];
  /** Make a synthetic model even where the user has model files. */
  readonly synthetic?: boolean;
  /** The synthetic model's shape; default `qwen2.5-0.5b`. */
  readonly preset?: string;
  /** Keep only the first layers of that shape. */
  readonly depth?: number;
  /** Default Q4_0 and Q8_0. */
  readonly quants?: readonly ("F16" | "Q8_0" | "Q4_0")[];
}

/** Where to look for models and where to make one. */
export interface SubjectOptions {
  readonly modelsFolder: string;
  /** Folders of the user's other programs; none are searched when it is left out. */
  readonly userPlaces?: readonly ModelPlace[];
  readonly loadPlan: LoadPlan;
  readonly signal?: AbortSignal;
  readonly onProgress?: (message: string, doneRatio: number | null) => void;
}

/** Of the user's own files, this many are measured: the smallest, because they are done soonest. */
const ownModelsCount = 2;

async function ownModels({ userPlaces, loadPlan }: SubjectOptions): Promise<FoundModel[]> {
  if (userPlaces === undefined) return [];
  const found = await findModels(userPlaces);
  const fitting = found.filter(
    (model) => shortageOf(Array(ownModelsCount).fill({ ...model, kvBytesPerToken: 0 }), loadPlan) === null,
  );
  return fitting.sort((a, b) => a.fileBytes - b.fileBytes).slice(0, ownModelsCount);
}

async function makeModels(spec: SubjectSpec, options: SubjectOptions): Promise<Model[]> {
  const { preset = "qwen2.5-0.5b", quants = ["Q4_0", "Q8_0"], depth } = spec;
  const specs = quants.map((quant): SynthesisSpec => {
    const shape = { preset, quant, randomSeed: 1, folder: options.modelsFolder };
    return depth === undefined ? shape : { ...shape, depth };
  });
  const planned = await Promise.all(specs.map((one) => planSynthesis(one)));
  assertFits(
    planned.map(({ name, fileBytes }) => ({ name, fileBytes, kvBytesPerToken: 0 })),
    options.loadPlan,
  );
  const models: Model[] = [];
  for (const one of specs) {
    const model = await synthesizeModel({
      ...one,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      onProgress: ({ writtenBytes, totalBytes }) => {
        options.onProgress?.(
          `writing ${preset} ${one.quant} (synthetic weights, ${formatQuantity(totalBytes, "totalBytes")})`,
          writtenBytes / totalBytes,
        );
      },
    });
    models.push(model);
  }
  return models;
}

/**
 * The models that a study asks about: those named, else the user's own, else synthetic ones of a true shape.
 * @throws {ModelError} from reading or making a file; {StudyError} `models-too-large`
 */
export async function resolveSubjects(spec: SubjectSpec, options: SubjectOptions): Promise<Model[]> {
  const named = spec.modelPaths ?? [];
  const paths =
    named.length > 0 || spec.synthetic === true ? named : (await ownModels(options)).map((model) => model.path);
  const models =
    paths.length > 0 ? await Promise.all(paths.map((path) => readModel(path))) : await makeModels(spec, options);
  assertFits(models, options.loadPlan);
  return models;
}
