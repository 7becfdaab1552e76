import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";

/** What of a project's tsconfig.json decides about imports. */
export interface ProjectConfig {
  /** For the translation of files. */
  readonly compilerOptions: Readonly<Record<string, unknown>>;
  /** The files that a name which is no path may stand for, likeliest first, without their endings. */
  pathsOf(specifier: string): string[];
}

interface ConfigFile {
  readonly extends?: string | readonly string[];
  readonly compilerOptions?: Readonly<Record<string, unknown>>;
}

/** Under this name we keep the folder of the file that holds `paths`. */
const folderOption = "numalabPathsFolder";

/** JSON with comments and trailing commas, as plain JSON. */
function plainJson(text: string): string {
  const uncommented = text.replace(
    /("(?:\\.|[^"\\])*")|\/\/[^\n]*|\/\*[^]*?\*\//g,
    (_, quoted: string | undefined) => quoted ?? "",
  );
  return uncommented.replace(/("(?:\\.|[^"\\])*")|,(?=\s*[\]}])/g, (_, quoted: string | undefined) => quoted ?? "");
}

function locate(name: string, file: string): string {
  if (!/^[./]/.test(name)) return createRequire(file).resolve(name);
  const path = resolve(dirname(file), name);
  return existsSync(path) ? path : `${path}.json`;
}

/** The compiler options of a file and of those that it extends, with paths made absolute. */
function readOptions(file: string): Record<string, unknown> {
  const { extends: bases = [], compilerOptions = {} } = JSON.parse(plainJson(readFileSync(file, "utf8"))) as ConfigFile;
  const inherited = [bases].flat().map((name) => readOptions(locate(name, file)));
  const options = [...inherited, compilerOptions].reduce((all, own) => ({ ...all, ...own }), {});
  const { baseUrl, paths } = compilerOptions;
  if (typeof baseUrl === "string") options["baseUrl"] = resolve(dirname(file), baseUrl);
  if (paths !== undefined) options[folderOption] = dirname(file);
  return options;
}

/** What a pattern with at most one star leaves of a name for the star; null when it does not fit. */
function starOf(pattern: string, name: string): string | null {
  const [before = "", after] = pattern.split("*");
  if (after === undefined) return pattern === name ? "" : null;
  const isFit = name.length >= before.length + after.length && name.startsWith(before) && name.endsWith(after);
  return isFit ? name.slice(before.length, name.length - after.length) : null;
}

function isListOfTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

/** The patterns of `paths` from the most special to the most general, as TypeScript tries them; without what is no list. */
function sortedPaths(paths: unknown): [string, readonly string[]][] {
  const prefixLength = (pattern: string) => (pattern.includes("*") ? pattern.indexOf("*") : Infinity);
  return Object.entries(paths ?? {})
    .filter((entry): entry is [string, readonly string[]] => isListOfTexts(entry[1]))
    .sort(([a], [b]) => prefixLength(b) - prefixLength(a));
}

function projectOf(options: Readonly<Record<string, unknown>>): ProjectConfig {
  const { baseUrl, paths, [folderOption]: pathsFolder, ...compilerOptions } = options;
  const sorted = sortedPaths(paths);
  const base = typeof baseUrl === "string" ? baseUrl : null;
  const folder = base ?? String(pathsFolder);
  return {
    compilerOptions,
    pathsOf(specifier) {
      const fitting = sorted.find(([pattern]) => starOf(pattern, specifier) !== null);
      const [pattern, targets] = fitting ?? ["", []];
      const star = starOf(pattern, specifier) ?? "";
      const mapped = targets.map((target) =>
        resolve(
          folder,
          target.replace("*", () => star),
        ),
      );
      return base === null ? mapped : [...mapped, join(base, specifier)];
    },
  };
}

function findConfig(folder: string): string | null {
  const file = join(folder, "tsconfig.json");
  if (existsSync(file)) return file;
  return dirname(folder) === folder ? null : findConfig(dirname(folder));
}

/** The nearest tsconfig.json of a folder or those above it. One that cannot be read counts as none: the type service tells of it. */
export function readProjectConfig(folder: string): ProjectConfig {
  try {
    const file = findConfig(folder);
    return projectOf(file === null ? {} : readOptions(file));
  } catch {
    return projectOf({});
  }
}
