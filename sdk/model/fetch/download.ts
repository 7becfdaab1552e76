import { formatQuantity } from "../../units/index.ts";
import { ModelError } from "../errors.ts";
import { assertRoom } from "../writing.ts";
import { ggufMagic } from "../gguf.ts";
import { readMagic } from "../folder.ts";
import type { DownloadIdentity, Part } from "./partialDownload.ts";
import { hashOf, PartialDownload, partialPathOf } from "./partialDownload.ts";
import type { RemoteFile } from "./repository.ts";
import type { Access } from "./request.ts";
import { ask, persist, piecesOf } from "./request.ts";

/** How a file is downloaded. */
export interface DownloadOptions {
  readonly access: Access;
  readonly connectionsCount: number;
  /** How much one request asks for. */
  readonly partBytes: number;
  readonly onProgress?: ((receivedBytes: number, totalBytes: number) => void) | undefined;
}

/** A file as its server describes it. */
interface RemoteFacts extends DownloadIdentity {
  readonly url: string;
  readonly takesRanges: boolean;
}

function validatorOf(response: Response): string | null {
  return response.headers.get("etag") ?? response.headers.get("last-modified");
}

/** Asks for the first byte: the answer tells size and version, and whether parts are given. */
async function probeRemote({ url }: RemoteFile, access: Access): Promise<RemoteFacts> {
  const response = await persist(() => ask(url, access, { range: "bytes=0-0" }), access);
  await response.body?.cancel();
  const takesRanges = response.status === 206;
  const size = takesRanges
    ? response.headers.get("content-range")?.split("/")[1]
    : response.headers.get("content-length");
  const fileBytes = Number(size ?? "");
  if (Number.isSafeInteger(fileBytes) && fileBytes > 0) {
    const address = url.replace(/\?.*/, "");
    return { url, address, fileBytes, validator: validatorOf(response), takesRanges };
  }
  const message = `${url} does not say how large it is (found ${size ?? "nothing"}). Fetch the file by hand.`;
  throw new ModelError("remote-failed", message, { facts: { url } });
}

/** What asks for the rest of a part, and only of the file as it was. */
function rangeHeaders({ validator, takesRanges }: RemoteFacts, { startOffset, endOffset, receivedBytes }: Part) {
  if (!takesRanges) return {};
  const range = { range: `bytes=${startOffset + receivedBytes}-${endOffset - 1}` };
  return validator === null || validator.startsWith("W/") ? range : { ...range, "if-range": validator };
}

function assertUnchanged(response: Response, facts: RemoteFacts, part: Part): void {
  const { url, validator, takesRanges, fileBytes } = facts;
  const range = `bytes ${part.startOffset + part.receivedBytes}-${part.endOffset - 1}/${fileBytes}`;
  const isAsked = !takesRanges || response.headers.get("content-range") === range;
  if (isAsked && validatorOf(response) === validator) return;
  const message = `${url} changed while it was fetched. Call again to fetch what it is now.`;
  throw new ModelError("remote-changed", message, { facts: { url } });
}

async function fetchRest(download: PartialDownload, part: Part, facts: RemoteFacts & DownloadOptions): Promise<void> {
  const { url, access, onProgress, fileBytes } = facts;
  if (!facts.takesRanges) part.receivedBytes = 0;
  const wantedBytes = part.endOffset - part.startOffset;
  if (part.receivedBytes === wantedBytes) return;
  const response = await ask(url, access, rangeHeaders(facts, part));
  assertUnchanged(response, facts, part);
  for await (const bytes of piecesOf(response, url)) {
    await download.append(part, bytes.subarray(0, wantedBytes - part.receivedBytes));
    onProgress?.(download.receivedBytes, fileBytes);
  }
  if (part.receivedBytes === wantedBytes) return download.keep();
  const message = `${url} ended after ${part.receivedBytes} of ${wantedBytes} bytes. Call again to go on.`;
  throw new ModelError("remote-failed", message, { facts: { url, isTransient: true } });
}

/** Tells whether a part has grown since it was last asked. */
function progressOf(part: Part): () => boolean {
  let before = part.receivedBytes;
  return () => {
    const hasGrown = part.receivedBytes > before;
    before = part.receivedBytes;
    return hasGrown;
  };
}

/** Fetches all that is missing, over several connections; the first that fails stops the others. */
async function fetchParts(download: PartialDownload, facts: RemoteFacts & DownloadOptions): Promise<void> {
  const stop = new AbortController();
  const { signal } = facts.access;
  const either = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  const access = { ...facts.access, signal: either };
  const waiting = [...download.parts];
  const work = async () => {
    for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
      const current = part;
      await persist(() => fetchRest(download, current, { ...facts, access }), access, progressOf(current));
    }
  };
  const connections = Array.from({ length: facts.connectionsCount }, work);
  try {
    await Promise.all(connections);
  } finally {
    stop.abort();
    await Promise.allSettled(connections);
  }
}

async function assertWhole(download: PartialDownload, { url, sha256 }: RemoteFile): Promise<string> {
  const found = await hashOf(download.partialPath);
  const facts = { url, found, needed: sha256 };
  if (sha256 !== null && found !== sha256.toLowerCase()) {
    download.discard();
    const message = `${url} has the sha256 ${found}; needed ${sha256}. The bytes were removed: fetch it again, or from elsewhere.`;
    throw new ModelError("wrong-hash", message, { facts });
  }
  if ((await readMagic(download.partialPath)) === ggufMagic) return found;
  download.discard();
  throw new ModelError("not-gguf", `What ${url} gives is no GGUF file; it was removed. Check the address.`, { facts });
}

/** The error of a download that the caller stopped, with what is kept of it. */
function stoppedError(path: string, download: PartialDownload, facts: RemoteFacts): ModelError {
  const { fileBytes } = facts;
  const { receivedBytes } = download;
  const [received, whole] = [receivedBytes, fileBytes].map((bytes) => formatQuantity(bytes, "fileBytes"));
  const kept = facts.takesRanges
    ? `${received} of ${whole} are kept in ${partialPathOf(path)}: call again to go on from there.`
    : "Nothing is kept, because the server gives a file only from its beginning.";
  const message = `The download of ${path} was stopped. ${kept}`;
  return new ModelError("aborted", message, { facts: { path, receivedBytes, fileBytes } });
}

async function downloadOnce(remote: RemoteFile, path: string, options: DownloadOptions): Promise<string> {
  const facts = await probeRemote(remote, options.access);
  const { fileBytes, takesRanges } = facts;
  await assertRoom({ path, fileBytes });
  await using download = await PartialDownload.open(path, facts, takesRanges ? options.partBytes : fileBytes);
  try {
    await fetchParts(download, { ...facts, ...options });
    const sha256 = await assertWhole(download, remote);
    await download.finish();
    return sha256;
  } catch (error) {
    if (!takesRanges || isChanged(error)) download.discard();
    if (options.access.signal?.aborted !== true) throw error;
    throw stoppedError(path, download, facts);
  }
}

const isChanged = (error: unknown): boolean => error instanceof ModelError && error.code === "remote-changed";

/**
 * Downloads a file, over several connections and from where an earlier download stopped, checks it, and gives its sha256.
 * A file that changes on its server meanwhile is begun anew, once.
 * @throws {ModelError} `offline`, `remote-failed`, `gated`, `no-such-model` or `aborted`, and then what was received is
 * kept; `remote-changed`, `wrong-hash` or `not-gguf`, and then nothing is; `not-enough-space`, `already-writing`
 */
export async function download(remote: RemoteFile, path: string, options: DownloadOptions): Promise<string> {
  try {
    return await downloadOnce(remote, path, options);
  } catch (error) {
    if (!isChanged(error)) throw error;
    return downloadOnce(remote, path, options);
  }
}
