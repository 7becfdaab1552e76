// Compiles a tool of llama.cpp from the source that node-llama-cpp carries, linked to its own libraries, so that it runs the
// same code as we do; once a version. Needs git and g++. Run as a program, it prints the path of the tool:
//   node test/tools/llamaTool.mjs quantize
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findEngineLibraries } from "numalab/inference";

const { folder: libraries, version } = findEngineLibraries();

/** Where tools and the models that they are tried on lie. */
export const work = join(tmpdir(), "numalab-parity");

function fetchSource() {
  const source = mkdtempSync(join(work, "source-"));
  const shipped = new URL("../../node_modules/node-llama-cpp/llama/", import.meta.url).pathname;
  execFileSync("git", ["clone", "-q", join(shipped, "gitRelease.bundle"), source], { stdio: "ignore" });
  for (const patch of readdirSync(join(shipped, "patches"))) {
    execFileSync("git", ["apply", join(shipped, "patches", patch)], { cwd: source });
  }
  return source;
}

/** The path of a tool, by the name of its folder and file: `llama-bench`, `quantize`. */
export function compileLlamaTool(name) {
  const program = join(work, `${name}-${version}`);
  if (existsSync(program)) return program;
  mkdirSync(work, { recursive: true });
  const source = fetchSource();
  const includes = ["include", "ggml/include", "common", "vendor", `tools/${name}`].map((path) => `-I${path}`);
  const sources = ["main.cpp", `${name}.cpp`].map((file) => `tools/${name}/${file}`);
  const linked = ["libllama-common.so", "libllama.v0.4.0.so", "libggml.v0.4.0.so", "libggml-base.so"];
  const link = [`-L${libraries}`, ...linked.map((library) => `-l:${library}`), `-Wl,-rpath,${libraries}`];
  const options = ["-O2", "-DNDEBUG", "-std=c++17", ...includes, ...sources, ...link, "-o", "compiled"];
  execFileSync("g++", options, { cwd: source });
  renameSync(join(source, "compiled"), program);
  rmSync(source, { recursive: true });
  return program;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(compileLlamaTool(process.argv[2]));
