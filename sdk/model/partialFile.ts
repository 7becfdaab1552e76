import { open, readdir, rename, rm } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ModelError } from "./errors.ts";

const partialName = /^(\..+\.(?:gguf|onnx|onnx\.data)\.partial-)(\d+)$/;

/** What this process is writing now: such a file is not stale, even where a container gives every process the same number. */
const writing = new Set<string>();

/** Whether a process lives. */
export function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function isStale(path: string): boolean {
  const processId = Number(partialName.exec(basename(path))?.[2] ?? process.pid);
  return processId === process.pid ? !writing.has(path) : !isAlive(processId);
}

/** Removes the unfinished files that killed processes have left in a folder. */
export async function removeStalePartials(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => partialName.test(name));
  const stale = names.map((name) => join(folder, name)).filter(isStale);
  await Promise.all(stale.map((path) => rm(path, { force: true })));
}

function alreadyWriting(path: string, writer: string): ModelError {
  const message = `${path} is being written already, by ${writer}. Wait for that to end.`;
  return new ModelError("already-writing", message, { facts: { path } });
}

/** Refuses a file that another living process writes: two that begin at once may both be refused, but never both write. */
async function assertOnlyWriter(path: string, partialPath: string): Promise<void> {
  const [, ownStem] = partialName.exec(basename(partialPath)) ?? [];
  for (const name of await readdir(dirname(path))) {
    const [, stem, processId] = partialName.exec(name) ?? [];
    if (stem === undefined || stem !== ownStem || Number(processId) === process.pid) continue;
    if (isAlive(Number(processId))) throw alreadyWriting(path, `process ${processId}`);
  }
}

/** A file that appears under its name only when it is whole, and leaves nothing behind when it does not get there. */
export class PartialFile implements AsyncDisposable {
  readonly #path: string;
  readonly #partialPath: string;
  readonly #handle: FileHandle;
  #written: Promise<unknown> = Promise.resolve();
  #done = false;

  private constructor(path: string, partialPath: string, handle: FileHandle) {
    this.#path = path;
    this.#partialPath = partialPath;
    this.#handle = handle;
  }

  /**
   * Creates it beside its final place.
   * @throws {ModelError} `already-writing` when this or another process writes the same file already
   */
  static async create(path: string): Promise<PartialFile> {
    const partialPath = join(dirname(path), `.${basename(path)}.partial-${process.pid}`);
    if (writing.has(partialPath)) throw alreadyWriting(path, "this process");
    writing.add(partialPath);
    try {
      const handle = await open(partialPath, "w");
      const file = new PartialFile(path, partialPath, handle);
      await assertOnlyWriter(path, partialPath).catch(async (error: unknown) => {
        await file[Symbol.asyncDispose]();
        throw error;
      });
      return file;
    } catch (error) {
      writing.delete(partialPath);
      throw error;
    }
  }

  /** Where the bytes lie until it is finished, for a program that writes them itself. */
  get partialPath(): string {
    return this.#partialPath;
  }

  /** Waits for the bytes before, then begins to write these: so one write is under way while the next is prepared. */
  async append(bytes: Buffer): Promise<void> {
    await this.#written;
    this.#written = this.#handle.appendFile(bytes);
    this.#written.catch(() => undefined);
  }

  /** Puts the file, whole and on the disk, under its name. */
  async finish(): Promise<void> {
    await this.#written;
    await this.#handle.sync();
    await rename(this.#partialPath, this.#path);
    this.#done = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#written.catch(() => undefined);
    // What is worth keeping was flushed before.
    await this.#handle.close().catch(() => undefined);
    if (!this.#done) await rm(this.#partialPath, { force: true });
    writing.delete(this.#partialPath);
  }
}
