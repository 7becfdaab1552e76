import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ModelError } from "./errors.ts";
import { type StoredEntry, valueOf } from "./gguf.ts";
import { modelNameOf } from "./shards.ts";
import { readGguf } from "./storedModel.ts";

/** The vocabulary of a published model, as its file states it. */
export interface RealVocabulary {
  /** What it is called in the package, or its file without folder and ending. */
  readonly name: string;
  readonly tokensCount: number;
  readonly entries: readonly StoredEntry[];
}

/** The sources of llama.cpp that node-llama-cpp carries, as a git bundle. */
function bundlePath(): string {
  const entry = createRequire(import.meta.url).resolve("node-llama-cpp");
  return join(dirname(entry), "../llama/gitRelease.bundle");
}

const storedName = /^models\/ggml-vocab-(.+)\.gguf$/;

async function git(folder: string, args: readonly string[]): Promise<Buffer> {
  const { execa } = await import("execa");
  const { stdout } = await execa("git", ["-C", folder, ...args], { encoding: "buffer" });
  return Buffer.from(stdout);
}

function noVocabulary(name: string, reason: string, cause?: unknown): ModelError {
  const message = `There is no vocabulary ${name}: ${reason}`;
  return new ModelError("no-such-vocabulary", message, { facts: { name }, cause });
}

/** Has a file of the package's sources lie in the folder, and gives its path. */
async function unpack(name: string, folder: string): Promise<string> {
  const { execa } = await import("execa");
  await execa("git", ["clone", "--quiet", "--bare", bundlePath(), folder]);
  const listed = (await git(folder, ["ls-tree", "--name-only", "HEAD", "models/"])).toString().split("\n");
  const names = listed.flatMap((path) => storedName.exec(path)?.[1] ?? []);
  if (!names.includes(name)) throw noVocabulary(name, `pass a GGUF file, or one of ${names.join(", ")}.`);
  const path = join(folder, "vocabulary.gguf");
  await writeFile(path, await git(folder, ["cat-file", "blob", `HEAD:models/ggml-vocab-${name}.gguf`]));
  return path;
}

async function readEntries(path: string, name: string): Promise<RealVocabulary> {
  const entries = (await readGguf(path)).metadata.filter(({ key }) => key.startsWith("tokenizer."));
  const tokens = valueOf(entries, "tokenizer.ggml.tokens");
  if (typeof tokens === "object" && tokens !== null && tokens.count > 0)
    return { name, tokensCount: tokens.count, entries };
  throw noVocabulary(name, "the file holds no tokens. Pass the GGUF file of a language model.");
}

/**
 * The vocabulary of a GGUF file, or of a name among those that node-llama-cpp's sources of llama.cpp hold. No file there
 * states a licence, so they are read where they are installed and not shipped.
 * @throws {ModelError} `no-such-vocabulary`, and as `readGguf`
 */
export async function readVocabulary(nameOrPath: string): Promise<RealVocabulary> {
  if (nameOrPath.endsWith(".gguf") || existsSync(nameOrPath)) return readEntries(nameOrPath, modelNameOf(nameOrPath));
  const folder = await mkdtemp(join(tmpdir(), "numalab-vocabulary-"));
  try {
    return await readEntries(await unpack(nameOrPath, folder), nameOrPath);
  } catch (error) {
    if (error instanceof ModelError) throw error;
    throw noVocabulary(
      nameOrPath,
      "git could not unpack the sources in node-llama-cpp. Install git, or pass a GGUF file.",
      error,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
