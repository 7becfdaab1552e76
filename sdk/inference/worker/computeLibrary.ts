import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { EngineError } from "../errors.ts";
import type { EngineSetting } from "../setting.ts";
import type { LlamaLibrary } from "./native.ts";

/** Path of the ggml compute library that this process has mapped, or null where the kernel shows no mappings. */
export function findComputeLibrary(): string | null {
  if (!existsSync("/proc/self/maps")) return null;
  return /\/\S*\/libggml-cpu[^/\s]*\.so/.exec(readFileSync("/proc/self/maps", "utf8"))?.[0] ?? null;
}

const filePattern = /^libggml-cpu-(.+)\.so$/;

/** The build as asked for; the library itself refuses a CPU that cannot run it. */
function loadBuild(llama: LlamaLibrary, { librariesFolder, engineBuild }: EngineSetting): void {
  const names = readdirSync(librariesFolder).flatMap((file) => filePattern.exec(file)?.[1] ?? []);
  const facts = { engineBuild, names };
  if (!names.includes(engineBuild)) {
    const message = `The engine has no build ${engineBuild}; it has ${names.join(", ")}. Ask for one of these, or for best.`;
    throw new EngineError("not-supported", message, { facts });
  }
  if (llama.ggml_backend_load(join(librariesFolder, `libggml-cpu-${engineBuild}.so`)) !== null) return;
  const message = `This CPU cannot run the engine's build ${engineBuild}. Ask for one that it can run, or for best.`;
  throw new EngineError("not-supported", message, { facts });
}

/**
 * Loads the compute library of `setting`, and says which one the process has mapped.
 * @throws {EngineError} `not-supported` for a build that there is not, or not for this CPU; `engine-missing`
 */
export function loadComputeLibrary(llama: LlamaLibrary, setting: EngineSetting): string {
  if (setting.engineBuild === "best") llama.ggml_backend_load_all_from_path(setting.librariesFolder);
  else loadBuild(llama, setting);
  const path = findComputeLibrary();
  if (path !== null) return path;
  const message = `${setting.librariesFolder} held no compute library for this CPU. Install node-llama-cpp again.`;
  throw new EngineError("engine-missing", message);
}

/** What the loaded compute library says it was built with, such as `AVX2`. */
export function readInstructionSets(llama: LlamaLibrary): string[] {
  return [...llama.llama_print_system_info().matchAll(/(\w+) = 1(?= \|)/g)].map(([, name]) => name ?? "");
}
