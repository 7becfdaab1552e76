import { stat } from "node:fs/promises";
import { join, posix } from "node:path";
import { ModelError } from "../errors.ts";
import { provideFolder, writingError } from "../writing.ts";
import { download } from "./download.ts";
import { hashOf } from "./partialDownload.ts";
import type { RemoteFile } from "./repository.ts";
import { listRemoteFiles } from "./repository.ts";
import type { Access } from "./request.ts";
import { parseSource } from "./source.ts";

/** Which model to fetch, and how; all but source and folder may be left out. */
export interface FetchRequest {
  /** `hf:owner/name`, `hf:owner/name:quant`, `hf:owner/name/file.gguf`, or the https address of a file. */
  readonly source: string;
  /** Where the files go, under the names that they have there. */
  readonly folder: string;
  /** A mirror of the hub. */
  readonly endpoint?: string;
  /** What shows the hub that you may have the model; no other server sees it. */
  readonly token?: string;
  /** What the file of an address must hash to; the hub states it by itself. */
  readonly sha256?: string;
  /** Default 4. */
  readonly connectionsCount?: number;
  /** The wait before a second attempt, which doubles with each; default 1. */
  readonly retrySeconds?: number;
  /** What one request asks for; default 16 MiB. */
  readonly partBytes?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: FetchProgress) => void;
}

/** How far a fetch is. */
export interface FetchProgress {
  readonly name: string;
  readonly receivedBytes: number;
  readonly totalBytes: number;
}

/** A file that is now here. */
export interface FetchedFile {
  readonly path: string;
  readonly sha256: string;
  /** Whether somebody stated that hash beforehand, so that it was compared. */
  readonly isVerified: boolean;
}

/** A model that is now here: of a split one, all its files. */
export interface FetchedModel {
  readonly source: string;
  /** The file to load. */
  readonly path: string;
  readonly files: readonly FetchedFile[];
}

const hub = "https://huggingface.co";

function accessOf({ endpoint = hub, token, retrySeconds = 1, signal }: FetchRequest): Access {
  if (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol)) {
    const message = `"${endpoint}" is no address of a mirror. Pass one such as ${hub}.`;
    throw new ModelError("bad-source", message, { facts: { endpoint } });
  }
  return { endpoint: endpoint.replace(/\/+$/, ""), token: token ?? null, retrySeconds, signal };
}

/** A name without folders, which a server cannot make point elsewhere. */
const localNameOf = (url: string): string => posix.basename(decodeURIComponent(new URL(url).pathname));

function remoteFilesOf(request: FetchRequest, access: Access): Promise<readonly RemoteFile[]> | readonly RemoteFile[] {
  const source = parseSource(request.source);
  if (source.kind === "hub") return listRemoteFiles(source, access);
  return [{ url: source.url, name: localNameOf(source.url), sha256: request.sha256 ?? null }];
}

/** The file when it is here already. */
async function findFetched({ sha256 }: RemoteFile, path: string): Promise<FetchedFile | null> {
  const found = await stat(path).catch(() => null);
  if (found === null) return null;
  const here = found.isFile() ? await hashOf(path) : "nothing";
  if (sha256 !== null && here === sha256.toLowerCase()) return { path, sha256: here, isVerified: true };
  const message = `${path} is there already, with the sha256 ${here}; needed ${sha256 ?? "one that is stated"}. Remove it, or choose another folder.`;
  throw new ModelError("path-taken", message, { facts: { path, found: here, needed: sha256 } });
}

async function fetchFile(remote: RemoteFile, request: FetchRequest, access: Access): Promise<FetchedFile> {
  const path = join(request.folder, remote.name);
  const fetched = await findFetched(remote, path);
  if (fetched !== null) return fetched;
  const { connectionsCount = 4, partBytes = 2 ** 24, onProgress } = request;
  const tell = (receivedBytes: number, totalBytes: number) => {
    onProgress?.({ name: remote.name, receivedBytes, totalBytes });
  };
  const sha256 = await download(remote, path, { access, connectionsCount, partBytes, onProgress: tell });
  return { path, sha256, isVerified: remote.sha256 !== null };
}

/** The error with what to do without a network, or of a caller who stopped before the first byte. */
function withAdvice(error: unknown, { source, folder, signal }: FetchRequest): unknown {
  if (signal?.aborted === true && !(error instanceof ModelError)) {
    return new ModelError("aborted", `The fetch of ${source} was stopped before it began.`, { facts: { source } });
  }
  if (!(error instanceof ModelError) || error.code !== "offline") return error;
  const message = `${error.message} What was received before is kept: call again when there is a network. Without one, copy the .gguf files of ${source} from elsewhere to ${folder}; then numalab model list shows them.`;
  return new ModelError("offline", message, { facts: { ...error.facts, source, folder }, cause: error });
}

/**
 * Fetches a model to a folder, and says which files it is. Each appears under its name when it is whole and its sha256 is
 * as stated; what is there already is not fetched again, and a fetch that was stopped goes on from there.
 * @throws {ModelError} `bad-source`, `ambiguous-model`, `no-such-quant`, `no-such-model`, `gated`, `offline`,
 * `remote-failed`, `remote-changed`, `wrong-hash`, `not-gguf`, `path-taken`, `not-enough-space`, `aborted`
 */
export async function fetchModel(request: FetchRequest): Promise<FetchedModel> {
  const { source, folder } = request;
  const access = accessOf(request);
  try {
    const remotes = await remoteFilesOf(request, access);
    await provideFolder(folder);
    const files: FetchedFile[] = [];
    for (const remote of remotes) files.push(await fetchFile(remote, request, access));
    return { source, path: files[0]?.path ?? folder, files };
  } catch (error) {
    throw writingError(withAdvice(error, request), { path: folder, fileBytes: 0 });
  }
}
