import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { ModelError } from "./errors.ts";
import type { FileHeader } from "./file.ts";
import type { ModelFile } from "./folder.ts";
import { hyperparametersOf } from "./hyperparameters.ts";
import { isLaterShard, modelNameOf, readWholeHeader } from "./shards.ts";

/** A folder where another program keeps models. */
export interface ModelPlace {
  readonly program: string;
  readonly folder: string;
  /** Whether models lie there as GGUF files, or as numbered blobs with manifests that name them. */
  readonly layout: "files" | "blobs";
}

/** A language model found where another program keeps it. */
export interface FoundModel extends ModelFile {
  readonly program: string;
}

/** The folders where Ollama, LM Studio, Hugging Face tools and llama.cpp keep the models of a user. */
export function userModelPlaces(
  home: string,
  environment: Readonly<Record<string, string | undefined>>,
): readonly ModelPlace[] {
  const caches = environment["XDG_CACHE_HOME"] ?? join(home, ".cache");
  const hub = environment["HF_HUB_CACHE"] ?? join(environment["HF_HOME"] ?? join(caches, "huggingface"), "hub");
  return [
    { program: "Ollama", layout: "blobs", folder: environment["OLLAMA_MODELS"] ?? join(home, ".ollama", "models") },
    { program: "Ollama", layout: "blobs", folder: "/usr/share/ollama/.ollama/models" },
    { program: "LM Studio", layout: "files", folder: join(home, ".lmstudio", "models") },
    { program: "LM Studio", layout: "files", folder: join(caches, "lm-studio", "models") },
    { program: "Hugging Face", layout: "files", folder: hub },
    { program: "llama.cpp", layout: "files", folder: environment["LLAMA_CACHE"] ?? join(caches, "llama.cpp") },
  ];
}

/** A walk ends here: no cache of models is larger, and a home folder named by mistake must not be searched whole. */
const limits = { foldersCount: 5_000, manifestBytes: 2 ** 20 };

/** The files below a folder, each path once; links to folders are not followed, links to files are. */
async function filesBelow(folder: string): Promise<readonly string[]> {
  const files: string[] = [];
  const waiting = [folder];
  for (let count = 0; waiting.length > 0 && count < limits.foldersCount; count++) {
    const next = waiting.shift() ?? folder;
    for (const entry of await readdir(next, { withFileTypes: true }).catch(() => [])) {
      if (entry.isDirectory()) waiting.push(join(next, entry.name));
      else files.push(join(next, entry.name));
    }
  }
  return files;
}

type Candidate = Pick<ModelFile, "name" | "path">;

async function ggufCandidates(folder: string): Promise<readonly Candidate[]> {
  const paths = (await filesBelow(folder)).filter((path) => path.endsWith(".gguf") && !isLaterShard(path));
  return paths.map((path) => ({ name: modelNameOf(path), path }));
}

/** The name that Ollama shows: the last folders of the manifest's path, with the last as a tag. */
function ollamaNameOf(manifestPath: string): string {
  const [namespace, model, tag] = manifestPath.split(sep).slice(-3);
  return `${namespace === "library" ? "" : `${namespace}/`}${model}:${tag}`;
}

interface Manifest {
  readonly layers?: readonly { readonly mediaType?: string; readonly digest?: string }[];
}

/** The file that holds the weights, beside the manifests; null when the manifest names none. */
function blobOf(manifest: string): string | null {
  try {
    const { layers = [] } = JSON.parse(manifest) as Manifest;
    const weights = layers.find((layer) => layer.mediaType === "application/vnd.ollama.image.model");
    const digest = /^sha256:([0-9a-f]{64})$/.exec(weights?.digest ?? "")?.[1];
    return digest === undefined ? null : join("blobs", `sha256-${digest}`);
  } catch {
    return null;
  }
}

async function readSmallText(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  return found?.isFile() === true && found.size <= limits.manifestBytes ? readFile(path, "utf8").catch(() => "") : "";
}

async function blobCandidates(folder: string): Promise<readonly Candidate[]> {
  const candidates: Candidate[] = [];
  for (const manifest of await filesBelow(join(folder, "manifests"))) {
    const blob = blobOf(await readSmallText(manifest));
    if (blob !== null) candidates.push({ name: ollamaNameOf(manifest), path: join(folder, blob) });
  }
  return candidates;
}

/** Whether a file holds weights that decode tokens: no projector, adapter, bare vocabulary or embedding model. */
function decodes(header: FileHeader): boolean {
  const { architecture, attention } = hyperparametersOf(header);
  const isEmbedding = header.metadata.has(`${architecture}.pooling_type`) || !attention.causal;
  return header.tensors.length > 0 && (header.metadata.get("general.type") ?? "model") === "model" && !isEmbedding;
}

/** The bytes of a language model; null for any other file, a damaged one too. */
async function readFileBytes(path: string): Promise<number | null> {
  try {
    const header = await readWholeHeader(path);
    return decodes(header) ? header.fileBytes : null;
  } catch {
    return null;
  }
}

async function findIn({ program, layout, folder }: ModelPlace): Promise<readonly FoundModel[]> {
  const models: FoundModel[] = [];
  for (const candidate of await (layout === "blobs" ? blobCandidates(folder) : ggufCandidates(folder))) {
    const fileBytes = await readFileBytes(candidate.path);
    if (fileBytes !== null) models.push({ ...candidate, fileBytes, program });
  }
  return models;
}

/**
 * The language models in these places, sorted by name, each file once. What is not one, or cannot be read, is left out.
 * @see https://github.com/ollama/ollama/blob/main/docs/faq.mdx where Ollama keeps models
 */
export async function findModels(places: readonly ModelPlace[]): Promise<FoundModel[]> {
  const found = new Map<string, FoundModel>();
  for (const place of places) {
    for (const model of await findIn(place)) {
      const file = await realpath(model.path).catch(() => model.path);
      if (!found.has(file)) found.set(file, model);
    }
  }
  return [...found.values()].sort((left, right) => left.name.localeCompare(right.name, "en"));
}

/** `ollama:llama3.2:1b`: the program in one word, and the name that it shows. */
function fullNameOf({ program, name }: Pick<FoundModel, "program" | "name">): string {
  return `${program.toLowerCase().replaceAll(" ", "-")}:${name}`;
}

/**
 * The path of a model that another program keeps, by that program and its name there, as `ollama:llama3.2:1b` or
 * `lm-studio:tiny-Q8_0`; any other text as it is, which is then a path.
 * @throws {ModelError} `no-such-model` when the program is known and the name is not, or is that of several files
 */
export async function findModelPath(text: string, places: readonly ModelPlace[]): Promise<string> {
  const isOf = ({ program }: ModelPlace): boolean => text.startsWith(fullNameOf({ program, name: "" }));
  const searched = places.filter(isOf);
  if (searched.length === 0) return text;
  const found = await findModels(searched);
  const [model, another] = found.filter((one) => fullNameOf(one) === text);
  if (model !== undefined && another === undefined) return model.path;
  const names = found.map(fullNameOf);
  const there = names.length === 0 ? "it has no language models" : `it has ${names.join(", ")}`;
  const message = `${text} is ${model === undefined ? "no model" : "the name of several files"}; ${there}. Pass one of these names, or a path.`;
  throw new ModelError("no-such-model", message, { facts: { name: text, names } });
}
