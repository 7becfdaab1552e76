import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { EngineError } from "./errors.ts";

/** Where the engine's prebuilt libraries lie, and which version of node-llama-cpp they belong to. */
export interface EngineLibraries {
  readonly version: string;
  readonly folder: string;
}

/**
 * The libraries that node-llama-cpp installed for this platform.
 * @throws {EngineError} `engine-missing` when the package or its binaries are not installed
 */
export function findEngineLibraries(): EngineLibraries {
  const platform = `${process.platform}-${process.arch}`;
  try {
    const require = createRequire(import.meta.url);
    const engineFile = require.resolve("node-llama-cpp");
    const packageFile = join(dirname(engineFile), "..", "package.json");
    const { version } = JSON.parse(readFileSync(packageFile, "utf8")) as { version: string };
    const binaries = createRequire(engineFile).resolve(`@node-llama-cpp/${platform}`);
    const folder = join(dirname(binaries), "..", "bins", platform);
    if (existsSync(folder)) return { version, folder };
    throw new Error(`${folder} does not exist`);
  } catch (cause) {
    throw new EngineError(
      "engine-missing",
      `No prebuilt inference engine for ${platform} was found; node-llama-cpp with its ${platform} binaries is needed. ` +
        "Run `npm install` again without --omit=optional, on Linux x64 or arm64.",
      { cause, facts: { platform } },
    );
  }
}

/** The path of the one library in `folder` whose name matches, or null. */
export function findLibrary(folder: string, pattern: RegExp): string | null {
  const name = readdirSync(folder).find((file) => pattern.test(file));
  return name === undefined ? null : join(folder, name);
}
