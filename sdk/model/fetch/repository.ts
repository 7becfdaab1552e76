import { posix } from "node:path";
import { ModelError } from "../errors.ts";
import { isLaterShard, shardsCountOf, modelNameOf } from "../shards.ts";
import type { Access } from "./request.ts";
import { ask, persist } from "./request.ts";
import type { HubSource } from "./source.ts";

/** A file on a server. */
export interface RemoteFile {
  readonly url: string;
  /** The name it gets here: one without folders. */
  readonly name: string;
  /** What all its bytes hash to; null when nobody says. */
  readonly sha256: string | null;
}

/** The part of the hub's answer that is read. */
interface RepositoryAnswer {
  readonly sha?: string;
  readonly siblings?: readonly { readonly rfilename?: string; readonly lfs?: { readonly sha256?: string } | null }[];
}

interface RepositoryFile {
  readonly path: string;
  readonly sha256: string | null;
}

/** The language models of a list of files: no projectors, no importance matrices. */
function modelFilesOf({ siblings = [] }: RepositoryAnswer): readonly RepositoryFile[] {
  const files = siblings.map(({ rfilename = "", lfs }) => ({ path: rfilename, sha256: lfs?.sha256 ?? null }));
  return files.filter(({ path }) => path.endsWith(".gguf") && !/mmproj|imatrix/i.test(posix.basename(path)));
}

/** Whether a path names a quantization: `Q4_K` is no part of `Q4_K_M`. */
function namesQuant(path: string, quant: string): boolean {
  const escaped = quant.replaceAll(".", "\\.");
  return new RegExp(`(^|[-./])${escaped}([-./]|$)`, "i").test(path);
}

function isWanted({ path }: RepositoryFile, { file, quant }: HubSource): boolean {
  if (file !== null) return path === file || modelPathOf(path) === modelPathOf(file);
  return quant === null || namesQuant(path, quant);
}

/** The path that all shards of a model share. */
function modelPathOf(path: string): string {
  return posix.join(posix.dirname(path), modelNameOf(path));
}

function choiceError(source: HubSource, files: readonly RepositoryFile[], found: readonly string[]): ModelError {
  const { repository, quant, file } = source;
  const there = files.map(({ path }) => path).filter((path) => !isLaterShard(path));
  const list = there.length === 0 ? "no GGUF file" : there.join(", ");
  const facts = { repository, quant, file, files: there };
  if (found.length === 0) {
    const message = `${repository} has no ${file ?? quant ?? "GGUF file"}; it has ${list}. Name one as hf:${repository}/FILE.`;
    return new ModelError(quant === null || file !== null ? "no-such-model" : "no-such-quant", message, { facts });
  }
  const message = `hf:${repository}${quant === null ? "" : `:${quant}`} may be ${found.length} models: ${found.join(", ")}. Name one as hf:${repository}/FILE.`;
  return new ModelError("ambiguous-model", message, { facts });
}

/** The files of the one model that is meant. */
function chooseFiles(source: HubSource, files: readonly RepositoryFile[]): readonly RepositoryFile[] {
  const wanted = files.filter((file) => isWanted(file, source));
  const models = new Set(wanted.map(({ path }) => modelPathOf(path)));
  if (models.size !== 1)
    throw choiceError(
      source,
      files,
      wanted.map(({ path }) => path).filter((path) => !isLaterShard(path)),
    );
  const [first] = wanted;
  const neededCount = shardsCountOf(first?.path ?? "");
  if (wanted.length === neededCount) return [...wanted].sort((left, right) => (left.path < right.path ? -1 : 1));
  const message = `${source.repository} has ${wanted.length} of the ${neededCount} files of ${[...models].join("")}. Choose another model.`;
  throw new ModelError("missing-shard", message, { facts: { repository: source.repository, neededCount } });
}

async function readAnswer(url: string, access: Access): Promise<RepositoryAnswer> {
  const text = await persist(async () => (await ask(url, access)).text(), access);
  try {
    return JSON.parse(text) as RepositoryAnswer;
  } catch (cause) {
    const message = `${url} answers with something else than a list of files. Check the address of the mirror.`;
    throw new ModelError("remote-failed", message, { facts: { url }, cause });
  }
}

/**
 * The files of a model in a repository, all of one commit, the first shard first.
 * @see https://huggingface.co/docs/hub/api the hub's answer
 * @throws {ModelError} `no-such-model`, `no-such-quant`, `ambiguous-model`, `missing-shard`, and as `ask`
 */
export async function listRemoteFiles(source: HubSource, access: Access): Promise<readonly RemoteFile[]> {
  const { repository, revision } = source;
  const list = `${access.endpoint}/api/models/${repository}/revision/${encodeURIComponent(revision)}?blobs=true`;
  const answer = await readAnswer(list, access);
  const commit = encodeURIComponent(answer.sha ?? revision);
  return chooseFiles(source, modelFilesOf(answer)).map(({ path, sha256 }) => ({
    url: `${access.endpoint}/${repository}/resolve/${commit}/${path.split("/").map(encodeURIComponent).join("/")}`,
    name: posix.basename(path),
    sha256,
  }));
}
