import { open, readdir, realpath, rm, stat } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { ModelError } from "./errors.ts";
import { unreadable } from "./file.ts";
import { ggufMagic } from "./gguf.ts";
import { modelNameOf } from "./shards.ts";

/** A model by its file, unread. */
export interface ModelFile {
  readonly name: string;
  readonly path: string;
  readonly fileBytes: number;
}

async function describe(path: string): Promise<readonly ModelFile[]> {
  const found = await stat(path).catch(() => null);
  return found?.isFile() === true ? [{ name: modelNameOf(path), path, fileBytes: found.size }] : [];
}

/** The model files of a folder, sorted by name; none when the folder does not exist. */
export async function listModels(folder: string): Promise<readonly ModelFile[]> {
  const names = await readdir(folder).catch(() => []);
  const wanted = names.filter((name) => name.endsWith(".gguf") && !name.startsWith(".")).sort();
  return (await Promise.all(wanted.map((name) => describe(join(folder, name))))).flat();
}

/** The first bytes of a file, as text. */
export async function readMagic(path: string): Promise<string> {
  await using handle = await open(path);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(ggufMagic.length));
  return buffer.toString("latin1", 0, bytesRead);
}

async function checkRemovable(path: string, folder: string): Promise<void> {
  const way = relative(await realpath(folder), await realpath(dirname(path)));
  if (way.split(sep)[0] === "..") {
    const message = `${path} is not in ${folder}. Only models of that folder are removed.`;
    throw new ModelError("outside-folder", message, { facts: { path, folder } });
  }
  if ((await readMagic(path)) !== ggufMagic) {
    throw new ModelError("not-gguf", `${path} is not a GGUF file. Only models are removed.`, { facts: { path } });
  }
}

/** Nothing when something is at the path; else the error names the models that are there. */
async function assertListed(path: string, folder: string): Promise<void> {
  if (await stat(path).catch(() => null)) return;
  const names = (await listModels(folder)).map(({ name }) => name);
  const found = names.length === 0 ? `${folder} has no models` : `${folder} has ${names.join(", ")}`;
  throw new ModelError("unreadable", `There is no ${path}: ${found}. Name one of these.`, { facts: { path, names } });
}

/**
 * Removes a model file of a folder, named by its path or as `listModels` names it, and returns its path.
 * @throws {ModelError} `outside-folder`, `not-gguf` or `unreadable`, and then nothing is removed
 */
export async function removeModel(nameOrPath: string, folder: string): Promise<string> {
  const path = resolve(folder, nameOrPath.endsWith(".gguf") ? nameOrPath : `${nameOrPath}.gguf`);
  try {
    await assertListed(path, folder);
    await checkRemovable(path, folder);
    await rm(path);
  } catch (error) {
    throw error instanceof ModelError ? error : unreadable(path, error);
  }
  return path;
}
