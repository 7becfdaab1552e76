import type * as Esbuild from "esbuild";
import type { TransformFailure } from "esbuild";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

/** A file as JavaScript. */
export interface Translated {
  readonly code: string;
  readonly format: "module" | "commonjs";
  /** A source map as JSON. */
  readonly map: string;
}

const require = createRequire(import.meta.url);

/** Whether a file must be translated before Node can load it. */
export function isTranslatable(url: string): boolean {
  return /\.([cm]?ts|tsx|jsx)(\?|$)/.test(url);
}

/** The error in words that name the place and show the line. */
function syntaxErrorOf({ errors: [first] }: TransformFailure): SyntaxError {
  const { text = "it cannot be read", location } = first ?? {};
  if (location === null || location === undefined) return new SyntaxError(text);
  const { file, line, column } = location;
  const error = new SyntaxError(text);
  error.stack = `SyntaxError: ${text}\n    at ${file}:${line}:${column + 1}`;
  return error;
}

/**
 * A TypeScript or JSX file as JavaScript; its types are not checked.
 * @throws {SyntaxError} when it cannot be read
 */
export function translate(url: string, compilerOptions: Readonly<Record<string, unknown>>): Translated {
  const { transformSync } = require("esbuild") as typeof Esbuild;
  const sourcefile = fileURLToPath(url);
  const [ending = "ts"] = /[a-z]+$/.exec(sourcefile) ?? [];
  const format = ending === "cts" ? "commonjs" : "module";
  try {
    const { code, map } = transformSync(readFileSync(sourcefile, "utf8"), {
      loader: ending.endsWith("x") ? (ending as "tsx" | "jsx") : "ts",
      format: format === "module" ? "esm" : "cjs",
      target: "node20",
      sourcemap: "external",
      sourcesContent: false,
      sourcefile,
      logLevel: "silent",
      tsconfigRaw: { compilerOptions },
    });
    return { code, format, map };
  } catch (error) {
    throw error instanceof Error && "errors" in error ? syntaxErrorOf(error as TransformFailure) : error;
  }
}
