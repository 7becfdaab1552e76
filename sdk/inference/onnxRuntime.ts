import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { EngineError } from "./errors.ts";
import type { EngineLibraries } from "./libraries.ts";

/**
 * The binary of onnxruntime-node that is installed for this platform.
 * @throws {EngineError} `engine-missing` when the package or its binary is not installed
 */
export function findOnnxRuntime(
  platform: string = process.platform,
  architecture: string = process.arch,
): EngineLibraries {
  const packageFolder = findPackage() ?? "";
  const folder = join(packageFolder, "bin", "napi-v6", platform, architecture);
  if (packageFolder !== "" && existsSync(folder)) {
    const { version } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8")) as { version: string };
    return { version, folder };
  }
  throw new EngineError(
    "engine-missing",
    `No onnxruntime for ${platform}-${architecture} was found; onnxruntime-node with its binary for it is needed. ` +
      "Run `npm install` again, on Linux x64 or arm64.",
    { facts: { platform, architecture } },
  );
}

function findPackage(): string | null {
  try {
    return join(dirname(createRequire(import.meta.url).resolve("onnxruntime-node")), "..");
  } catch {
    return null;
  }
}
