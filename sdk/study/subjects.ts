import {
  type FoundModel,
  findModels,
  type Model,
  readModel,
  synthesizeModel,
  type ModelPlace,
} from "../model/index.ts";
import { formatQuantity } from "../units/index.ts";
import { StudyError } from "./errors.ts";

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
  /** Memory that the models may take together. */
  readonly memoryBytes: number | null;
  readonly signal?: AbortSignal;
  readonly onProgress?: (message: string, doneRatio: number | null) => void;
}

/** Of the user's own files, this many are measured: the smallest, because they are done soonest. */
const ownModelsCount = 2;
/** A loaded model takes its file and, where it is repacked, as much again. */
const memoryPerFileByte = 2;

function assertFits(models: readonly Model[], memoryBytes: number | null): void {
  const needed = models.reduce((total, model) => total + model.fileBytes, 0) * memoryPerFileByte;
  if (memoryBytes === null || needed <= memoryBytes) return;
  throw new StudyError(
    "models-too-large",
    `${models.map((model) => model.name).join(" and ")} may need ${formatQuantity(needed, "neededBytes")} of memory and ${formatQuantity(memoryBytes, "memoryBytes")} are free. ` +
      "Name one model, a smaller one, or use --synthetic --depth N.",
    { facts: { neededBytes: needed, memoryBytes } },
  );
}

async function ownModels({ userPlaces, memoryBytes }: SubjectOptions): Promise<FoundModel[]> {
  if (userPlaces === undefined) return [];
  const found = await findModels(userPlaces);
  const fitting = found.filter(
    (model) => memoryBytes === null || model.fileBytes * memoryPerFileByte * ownModelsCount <= memoryBytes,
  );
  return fitting.sort((a, b) => a.fileBytes - b.fileBytes).slice(0, ownModelsCount);
}

async function makeModels(spec: SubjectSpec, options: SubjectOptions): Promise<Model[]> {
  const models: Model[] = [];
  for (const quant of spec.quants ?? (["Q4_0", "Q8_0"] as const)) {
    const preset = spec.preset ?? "qwen2.5-0.5b";
    const model = await synthesizeModel({
      preset,
      quant,
      randomSeed: 1,
      folder: options.modelsFolder,
      ...(spec.depth === undefined ? {} : { depth: spec.depth }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      onProgress: ({ writtenBytes, totalBytes }) => {
        options.onProgress?.(
          `writing ${preset} ${quant} (synthetic weights, ${formatQuantity(totalBytes, "totalBytes")})`,
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
  assertFits(models, options.memoryBytes);
  return models;
}
