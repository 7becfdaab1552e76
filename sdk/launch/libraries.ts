import { readdir, readFile, realpath } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, join } from "node:path";

/** A library that can be loaded before a program. */
export interface Library {
  readonly path: string;
  /** Null where neither its name nor its text tells. */
  readonly version: string | null;
}

/** The libraries that were found; null for what is not installed. */
export interface Libraries {
  readonly tcmalloc: Library | null;
  readonly jemalloc: Library | null;
  readonly intelOpenMp: Library | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

const patterns = {
  tcmalloc: /^libtcmalloc(_minimal)?\.so(\.\d+)*$/,
  jemalloc: /^libjemalloc\.so(\.\d+)*$/,
  intelOpenMp: /^libiomp5\.so$/,
} as const;

/** Looks for allocators and Intel's OpenMP in the Conda or virtual environment that is active, then in the system's folders. */
export async function findLibraries(environment: Environment = process.env): Promise<Libraries> {
  const folders = foldersOf(environment);
  const names = await Promise.all(folders.map((folder) => readdir(folder).catch(() => [])));
  const files = folders.flatMap((folder, index) => (names[index] ?? []).map((name) => join(folder, name)));
  const find = async (pattern: RegExp): Promise<Library | null> => {
    const path = files.find((file) => pattern.test(basename(file)));
    return path === undefined ? null : { path, version: await versionOf(path) };
  };
  const [tcmalloc, jemalloc, intelOpenMp] = await Promise.all(Object.values(patterns).map(find));
  return { tcmalloc: tcmalloc ?? null, jemalloc: jemalloc ?? null, intelOpenMp: intelOpenMp ?? null };
}

function foldersOf({ CONDA_PREFIX, VIRTUAL_ENV, HOME = homedir() }: Environment): string[] {
  const prefixes = [CONDA_PREFIX, VIRTUAL_ENV].filter((prefix) => prefix !== undefined && prefix !== "");
  const triplets = ["x86_64-linux-gnu", "aarch64-linux-gnu"];
  const system = ["/usr/local/lib", "/usr/local/lib64", "/usr/lib", "/usr/lib64"];
  return [
    ...prefixes.map((prefix) => join(String(prefix), "lib")),
    join(HOME, ".local/lib"),
    ...system,
    ...triplets.map((triplet) => join("/usr/lib", triplet)),
  ];
}

/** Jemalloc writes its version only into its text; the others into the name of the file that a link leads to. */
async function versionOf(path: string): Promise<string | null> {
  const target = await realpath(path).catch(() => path);
  const text = patterns.jemalloc.test(basename(path)) ? await readFile(target, "latin1").catch(() => "") : "";
  const [, written] = /(\d+\.\d+\.\d+)-\d+-g[\da-f]{40}/.exec(text) ?? [];
  const [, named] = /\.so\.(\d[\d.]*)$/.exec(target) ?? [];
  return written ?? named ?? null;
}
