import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { EngineError } from "./errors.ts";

/** The newest symbol versions of the C and C++ runtimes, such as `2.36` and `3.4.30`; null where there is none. */
export interface RuntimeVersions {
  readonly glibc: string | null;
  readonly libstdcxx: string | null;
}

const isNewer = (a: string, b: string): boolean => a.localeCompare(b, "en", { numeric: true }) > 0;

function newestVersion(texts: readonly string[], prefix: string): string | null {
  const found = texts.flatMap((text) => [...text.matchAll(new RegExp(`${prefix}_(\\d+\\.\\d+(?:\\.\\d+)?)`, "g"))]);
  return found.reduce<string | null>((best, [, version]) => {
    if (version === undefined) return best;
    return best === null || isNewer(version, best) ? version : best;
  }, null);
}

function versionsIn(files: readonly string[]): RuntimeVersions {
  const texts = files.map((file) => readFileSync(file, "latin1"));
  return { glibc: newestVersion(texts, "GLIBC"), libstdcxx: newestVersion(texts, "GLIBCXX") };
}

/** The symbol versions that the engine's libraries ask for. */
export function readNeededVersions(folder: string): RuntimeVersions {
  const names = readdirSync(folder).filter((name) => /^(libllama\.|libggml|llama-addon)/.test(name));
  return versionsIn(names.map((name) => join(folder, name)));
}

/** The symbol versions that this host's own runtimes offer, from the libraries this process has mapped. */
export function readHostVersions(): RuntimeVersions {
  const maps = existsSync("/proc/self/maps") ? readFileSync("/proc/self/maps", "utf8") : "";
  const mapped = (pattern: RegExp): string[] =>
    [...new Set(maps.match(pattern) ?? [])].filter((file) => existsSync(file));
  return {
    glibc: versionsIn(mapped(/\/\S*\/libc(?:\.so\.6|-2[\d.]+\.so)/g)).glibc,
    libstdcxx: versionsIn(mapped(/\/\S*\/libstdc\+\+\.so\.6\S*/g)).libstdcxx,
  };
}

/**
 * Refuses a host whose C runtime is older than the engine's binaries need. An unknown C++ runtime passes: the dynamic
 * loader has the last word.
 * @throws {EngineError} `libc-too-old` with both versions and a way out
 */
export function assertRuntime(needed: RuntimeVersions, host: RuntimeVersions): void {
  const check = (name: string, want: string | null, have: string | null): void => {
    if (want === null || (have !== null && !isNewer(want, have))) return;
    throw new EngineError(
      "libc-too-old",
      `This host has ${have === null ? `no ${name}` : `${name} ${have}`}; the engine's binaries need ${name} ${want}. ` +
        "Use a newer distribution (Debian 12, Ubuntu 22.04, RHEL 9.4 or later) or run numalab in a container of one.",
      { facts: { runtime: name, needed: want, found: have } },
    );
  };
  check("glibc", needed.glibc, host.glibc);
  if (host.libstdcxx !== null) check("libstdc++ (GLIBCXX)", needed.libstdcxx, host.libstdcxx);
}
