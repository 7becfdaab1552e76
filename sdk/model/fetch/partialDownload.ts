import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isAlive } from "../partialFile.ts";
import { ModelError } from "../errors.ts";

/** What the bytes of a download belong to: with any other, what was kept is of no use. */
export interface DownloadIdentity {
  /** The address without what signs it, which differs from day to day. */
  readonly address: string;
  readonly fileBytes: number;
  /** The ETag, else the date, of the file on the server; null when it states neither. */
  readonly validator: string | null;
}

/** A run of bytes that one connection fetches. */
export interface Part {
  readonly startOffset: number;
  readonly endOffset: number;
  receivedBytes: number;
}

/** What lies beside the bytes of an unfinished download. */
interface KeptState {
  readonly identity: DownloadIdentity;
  readonly parts: Part[];
  readonly processId: number;
}

/** The paths that this process downloads to now. */
const downloading = new Set<string>();

function planParts(fileBytes: number, partBytes: number): Part[] {
  return Array.from({ length: Math.ceil(fileBytes / partBytes) }, (_, index) => ({
    startOffset: index * partBytes,
    endOffset: Math.min((index + 1) * partBytes, fileBytes),
    receivedBytes: 0,
  }));
}

async function readState(path: string): Promise<KeptState | null> {
  try {
    const state = JSON.parse(await readFile(path, "utf8")) as Partial<KeptState>;
    const { identity, parts, processId } = state;
    return identity && Array.isArray(parts) && processId ? { identity, parts, processId } : null;
  } catch {
    return null;
  }
}

function isSame(left: DownloadIdentity, right: DownloadIdentity): boolean {
  // Without a validator the file on the server may have changed since.
  const isKnown = left.validator !== null && left.validator === right.validator;
  return isKnown && left.address === right.address && left.fileBytes === right.fileBytes;
}

function assertOnlyDownload(path: string, state: KeptState | null): void {
  const other = state !== null && state.processId !== process.pid && isAlive(state.processId);
  if (!other && !downloading.has(path)) return;
  const writer = other ? `process ${state.processId}` : "this process";
  const message = `${path} is being fetched already, by ${writer}. Wait for that to end.`;
  throw new ModelError("already-writing", message, { facts: { path } });
}

/** The bytes of a file that are here already, and which: kept when a download ends early, so that the next goes on from there. */
export class PartialDownload implements AsyncDisposable {
  readonly parts: readonly Part[];
  readonly partialPath: string;
  readonly #path: string;
  readonly #statePath: string;
  readonly #identity: DownloadIdentity;
  readonly #handle: FileHandle;
  #isKept = true;
  #noted = Promise.resolve();

  private constructor(path: string, state: Omit<KeptState, "processId">, handle: FileHandle) {
    this.#path = path;
    this.partialPath = partialPathOf(path);
    this.#statePath = `${this.partialPath}.json`;
    this.#identity = state.identity;
    this.parts = state.parts;
    this.#handle = handle;
  }

  /**
   * Opens what an earlier download of the same bytes has kept, else begins anew.
   * @throws {ModelError} `already-writing`
   */
  static async open(path: string, identity: DownloadIdentity, partBytes: number): Promise<PartialDownload> {
    const partialPath = partialPathOf(path);
    const state = await readState(`${partialPath}.json`);
    assertOnlyDownload(path, state);
    downloading.add(path);
    try {
      const kept = state !== null && isSame(state.identity, identity) ? state.parts : null;
      const resumed = kept === null ? null : await open(partialPath, "r+").catch(() => null);
      const handle = resumed ?? (await open(partialPath, "w"));
      const parts = (resumed && kept) ?? planParts(identity.fileBytes, partBytes);
      const download = new PartialDownload(path, { identity, parts }, handle);
      await download.keep();
      return download;
    } catch (error) {
      downloading.delete(path);
      throw error;
    }
  }

  get receivedBytes(): number {
    return this.parts.reduce((total, part) => total + part.receivedBytes, 0);
  }

  /** Writes the next bytes of a part. */
  async append(part: Part, bytes: Uint8Array): Promise<void> {
    await this.#handle.write(bytes, 0, bytes.length, part.startOffset + part.receivedBytes);
    part.receivedBytes += bytes.length;
  }

  /** Notes on disk what is here; one note at a time, though many connections write. */
  keep(): Promise<void> {
    this.#noted = this.#noted.catch(() => undefined).then(() => this.#note());
    return this.#noted;
  }

  async #note(): Promise<void> {
    const state: KeptState = { identity: this.#identity, parts: [...this.parts], processId: process.pid };
    await writeFile(`${this.#statePath}.new`, JSON.stringify(state));
    await rename(`${this.#statePath}.new`, this.#statePath);
  }

  /** Forgets all bytes: nothing is kept when this is closed. */
  discard(): void {
    this.#isKept = false;
  }

  /** Puts the file, whole and on the disk, under its name. */
  async finish(): Promise<void> {
    await this.#handle.sync();
    await rename(this.partialPath, this.#path);
    this.discard();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    downloading.delete(this.#path);
    // A full disk may refuse the note; the one before it then stands.
    if (this.#isKept) await this.keep().catch(() => undefined);
    await this.#handle.close().catch(() => undefined);
    if (this.#isKept) return;
    await Promise.all([this.partialPath, this.#statePath].map((path) => rm(path, { force: true })));
  }
}

/** Where the bytes of an unfinished download lie. */
export function partialPathOf(path: string): string {
  return join(dirname(path), `.${basename(path)}.download`);
}

/** The sha256 of a file, in hexadecimal. */
export async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const bytes of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(bytes as Buffer);
  return hash.digest("hex");
}
