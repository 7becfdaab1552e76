import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { release } from "node:os";
import { dirname, join } from "node:path";
import { digestOf } from "./digest.ts";
import type { Run } from "./run.ts";

const packageFolder = dirname(createRequire(import.meta.url).resolve("numalab/package.json"));

/** The software that a run made now is made with; a digest is null where there is nothing to digest. */
export async function readSoftware(): Promise<Run["software"]> {
  const lockfile = join(packageFolder, "package-lock.json");
  const { version } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8")) as { version: string };
  return {
    numalab: version,
    node: process.versions.node,
    kernel: release(),
    engineDigest: await readEngineDigest(),
    lockfileDigest: existsSync(lockfile) ? digestOf(readFileSync(lockfile, "utf8")) : null,
  };
}

/** Loads the inference layer, which reading records does not need. */
async function readEngineDigest(): Promise<string | null> {
  const { EngineError, findEngineLibraries } = await import("../inference/index.ts");
  try {
    const { version, folder } = findEngineLibraries();
    const files = readdirSync(folder).sort();
    return digestOf(JSON.stringify([version, ...files.map((file) => [file, statSync(join(folder, file)).size])]));
  } catch (error) {
    if (error instanceof EngineError) return null;
    throw error;
  }
}
