import { open, readdir, rename, rm } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ModelError } from "./errors.ts";

const partialName = /^\..+\.gguf\.partial-(\d+)$/;

/** What this process is writing now: such a file is not stale, even where a container gives every process the same number. */
const writing = new Set<string>();

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function isStale(path: string): boolean {
  const processId = Number(partialName.exec(basename(path))?.[1] ?? process.pid);
  return processId === process.pid ? !writing.has(path) : !isAlive(processId);
}

/** Removes the unfinished files that killed processes have left in a folder. */
export async function removeStalePartials(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => partialName.test(name));
  const stale = names.map((name) => join(folder, name)).filter(isStale);
  await Promise.all(stale.map((path) => rm(path, { force: true })));
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
   * @throws {ModelError} `already-writing` when this process writes the same file already
   */
  static async create(path: string): Promise<PartialFile> {
    const partialPath = join(dirname(path), `.${basename(path)}.partial-${process.pid}`);
    if (writing.has(partialPath)) {
      const message = `${path} is being written already. Wait for that call to end.`;
      throw new ModelError("already-writing", message, { facts: { path } });
    }
    writing.add(partialPath);
    try {
      return new PartialFile(path, partialPath, await open(partialPath, "w"));
    } catch (error) {
      writing.delete(partialPath);
      throw error;
    }
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
