import { statSync } from "node:fs";
import type { LoadHook, ResolveFnOutput, ResolveHook, ResolveHookContext } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { isOwnPackage } from "../ownPackage.ts";
import type { HooksData } from "./imports.ts";
import { currentUrl, isLocal, noteImport, noticeChanges, originalUrl } from "./localModules.ts";
import type { TranslatedModule } from "./sources.ts";
import { isTranslatable, translate } from "./translate.ts";
import { readProjectConfig, type ProjectConfig } from "./tsconfig.ts";

type NextResolve = Parameters<ResolveHook>[2];

/** For each ending that a compiler writes, those of the source. */
const sourceEndings: Readonly<Record<string, readonly string[]>> = {
  ".js": [".ts", ".tsx", ".jsx"],
  ".mjs": [".mts"],
  ".cjs": [".cts"],
};
const omittedEndings = [
  ".ts",
  ".tsx",
  ".mts",
  ".cts",
  ".js",
  ".mjs",
  ".cjs",
  ".jsx",
  ".json",
  "/index.ts",
  "/index.js",
];

let hooks: HooksData;
let config: ProjectConfig;

/** Takes what the main thread tells. */
export function initialize(data: HooksData): void {
  hooks = data;
  config = readProjectConfig(dirname(fileURLToPath(data.cellUrl)));
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** The files that a path may stand for; sources come before what was compiled from them, as for TypeScript. */
function candidatesFor(path: string, prefersSources: boolean): string[] {
  const [ending = ""] = /\.[cm]?js$/.exec(path) ?? [];
  const sources = (sourceEndings[ending] ?? []).map((source) => path.slice(0, path.length - ending.length) + source);
  const omitted = omittedEndings.map((omittedEnding) => path + omittedEnding);
  return prefersSources ? [...sources, path, ...omitted] : [path, ...sources, ...omitted];
}

/** The paths that a specifier may mean, apart from packages. */
function pathsOf(specifier: string, parentUrl: string): string[] {
  const isPath = /^(\.{0,2}\/|file:)/.test(specifier) || specifier === "." || specifier === "..";
  if (isPath) return [fileURLToPath(new URL(specifier, parentUrl))];
  return /^[a-z]+:/.test(specifier) ? [] : config.pathsOf(specifier);
}

/** The file that a module of the person's own imports. One that does not exist yet is looked for again later. */
async function resolveLocal(
  specifier: string,
  context: ResolveHookContext,
  nextResolve: NextResolve,
): Promise<ResolveFnOutput> {
  const parentUrl = context.parentURL ?? hooks.cellUrl;
  const candidates = pathsOf(specifier, parentUrl).flatMap((path) => candidatesFor(path, isTranslatable(parentUrl)));
  const found = candidates.find(isFile);
  if (found !== undefined) {
    const { search } = /^(\.|\/|file:)/.test(specifier) ? new URL(specifier, parentUrl) : { search: "" };
    return nextResolve(pathToFileURL(found).href + search, context);
  }
  for (const path of candidates) noteImport(parentUrl, pathToFileURL(path).href);
  return resolvePackage(specifier, context, nextResolve);
}

async function resolvePackage(
  specifier: string,
  context: ResolveHookContext,
  nextResolve: NextResolve,
): Promise<ResolveFnOutput> {
  try {
    return await nextResolve(specifier, context);
  } catch (error) {
    if (!isOwnPackage(specifier)) throw error;
    return nextResolve(specifier, { ...context, parentURL: import.meta.url });
  }
}

/** Resolves an import; for a cell and the files of its folder also what TypeScript would resolve. */
export const resolve: ResolveHook = async (specifier, context, nextResolve) => {
  const parentUrl = context.parentURL === hooks.importerUrl ? hooks.cellUrl : originalUrl(context.parentURL ?? "");
  if (!isLocal(parentUrl)) return nextResolve(specifier, context);
  if (parentUrl === hooks.cellUrl) noticeChanges();
  const resolved = await resolveLocal(specifier, { ...context, parentURL: parentUrl }, nextResolve);
  if (!isLocal(resolved.url)) return resolved;
  noteImport(parentUrl, resolved.url);
  const importAttributes = resolved.url.endsWith(".json") ? { type: "json" } : context.importAttributes;
  return { ...resolved, url: currentUrl(resolved.url), importAttributes, shortCircuit: true };
};

/** Loads a module; a TypeScript file as JavaScript. */
export const load: LoadHook = async (url, context, nextLoad) => {
  if (url.startsWith("file:") && isTranslatable(url)) {
    const { code, format, map } = translate(originalUrl(url), config.compilerOptions);
    hooks.translations.postMessage({ url, map } satisfies TranslatedModule);
    return { format, source: code, shortCircuit: true };
  }
  return nextLoad(url, context);
};
