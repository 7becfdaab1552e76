import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { compileFunction } from "node:vm";
import type * as blankSpaceModule from "ts-blank-space";
import type ts from "typescript";

const require = createRequire(import.meta.url);
let loaded: typeof ts | null = null;

/** The compiler, which takes a fifth of a second and 60 MB when it is first asked for. */
export function typescript(): typeof ts {
  loaded ??= require("typescript") as typeof ts;
  return loaded;
}

/**
 * The eraser of types that leaves every other character in its place. It is an ES module that imports the compiler,
 * for which Node would read and parse all of the compiler twice more; as CommonJS it takes the one that is there.
 */
export function blankSpace(): typeof blankSpaceModule {
  eraser ??= requireAsCommonJs(require.resolve("ts-blank-space")) as typeof blankSpaceModule;
  return eraser;
}

let eraser: typeof blankSpaceModule | null = null;

function requireAsCommonJs(path: string): unknown {
  const { ModuleKind, ScriptTarget, transpileModule } = typescript();
  const compilerOptions = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022, esModuleInterop: true };
  const { outputText } = transpileModule(readFileSync(path, "utf8"), { compilerOptions });
  const exports = {};
  const load = (name: string): unknown =>
    name.startsWith(".") ? requireAsCommonJs(join(dirname(path), name)) : require(name);
  const run = compileFunction(outputText, ["exports", "require"], { filename: path }) as Run;
  run(exports, load);
  return exports;
}

type Run = (exports: object, require: (name: string) => unknown) => void;
