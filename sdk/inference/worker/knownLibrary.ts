import koffi from "koffi";
import { assertRuntime, readHostVersions, readNeededVersions } from "../libc.ts";
import { findLibrary } from "../libraries.ts";
import { assertKnownLibrary } from "./guards.ts";

/**
 * Opens a library of the engine once its version is known to be the one that the declarations describe.
 * @throws {EngineError} `library-mismatch`, `libc-too-old`
 */
export function openKnownLibrary(folder: string, pattern: RegExp): ReturnType<typeof koffi.load> {
  assertKnownLibrary(folder);
  assertRuntime(readNeededVersions(folder), readHostVersions());
  return koffi.load(findLibrary(folder, pattern) ?? "");
}
