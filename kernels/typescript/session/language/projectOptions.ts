import { join } from "node:path";
import type ts from "typescript";
import { flatMessage } from "../rewrite/parseCell.ts";
import { ownTypePaths } from "../ownPackage.ts";
import { typescript } from "../rewrite/typescript.ts";

/** How the cells of a folder are checked. */
export interface ProjectOptions {
  readonly options: ts.CompilerOptions;
  /** What is wrong with the folder's tsconfig.json; null when nothing is, or there is none. */
  readonly remark: string | null;
}

/** The options of the nearest tsconfig.json, as far as they can hold for a notebook; the defaults when it is broken. */
export function projectOptions(folder: string): ProjectOptions {
  const ts = typescript();
  const path = ts.findConfigFile(folder, (name) => ts.sys.fileExists(name));
  if (path === undefined) return { options: forCells({}, folder), remark: null };
  const { config, error } = ts.readConfigFile(path, (name) => ts.sys.readFile(name)) as ConfigFile;
  if (error !== undefined) return { options: forCells({}, folder), remark: remarkOf(path, [error]) };
  const host: ts.ParseConfigHost = { ...ts.sys, useCaseSensitiveFileNames: true, readDirectory: () => [] };
  const { options, errors } = ts.parseJsonConfigFileContent(config, host, join(path, ".."), {}, path);
  const faults = errors.filter(({ code }) => !noInputCodes.has(code));
  return faults.length > 0
    ? { options: forCells({}, folder), remark: remarkOf(path, faults) }
    : { options: forCells(options, folder), remark: null };
}

interface ConfigFile {
  readonly config: unknown;
  readonly error?: ts.Diagnostic;
}

/** That the project has no files is no fault here. */
const noInputCodes = new Set([18002, 18003]);

function remarkOf(path: string, faults: readonly ts.Diagnostic[]): string {
  const messages = faults.map((fault) => `TS${fault.code}: ${flatMessage(fault)}`).join("; ");
  return `${path} cannot be used, so cells are checked with the defaults: ${messages}`;
}

function forCells(options: ts.CompilerOptions, folder: string): ts.CompilerOptions {
  const types = [...new Set([...(options.types ?? []), "node"])]; // whatever the project is for, its cells run in Node
  const paths = { ...ownTypePaths(folder), ...options.paths };
  return { ...defaults(), ...options, types, paths, ...required() };
}

function defaults(): ts.CompilerOptions {
  return { strict: true, lib: ["lib.esnext.d.ts"], customConditions: ["node"] };
}

/** What a cell is, whatever the project around it is. */
function required(): ts.CompilerOptions {
  const { ModuleDetectionKind, ModuleKind, ModuleResolutionKind, ScriptTarget } = typescript();
  return {
    target: ScriptTarget.ESNext,
    module: ModuleKind.Preserve,
    moduleResolution: ModuleResolutionKind.Bundler,
    moduleDetection: ModuleDetectionKind.Force,
    allowImportingTsExtensions: true,
    resolveJsonModule: true,
    esModuleInterop: true,
    skipLibCheck: true,
    noImplicitAny: true, // without it an empty array would be never[]; what it nags about is left out of the diagnostics
    noEmit: true,
    declaration: true,
    ...switchedOff,
  };
}

const switchedOff: ts.CompilerOptions = {
  composite: false,
  incremental: false,
  emitDeclarationOnly: false,
  isolatedModules: false,
  isolatedDeclarations: false,
  verbatimModuleSyntax: false,
  erasableSyntaxOnly: false,
  rewriteRelativeImportExtensions: false,
  noUnusedLocals: false,
  noUnusedParameters: false,
  checkJs: false,
};
