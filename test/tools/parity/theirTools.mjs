// llama.cpp's own tools, and a program on node-llama-cpp's public calls, each in a process of its own.
import { execFile, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { findEngineLibraries } from "numalab/inference";
import { compileLlamaTool } from "../llamaTool.mjs";

const run = promisify(execFile);
const publicProgram = fileURLToPath(new URL("./publicCalls.mjs", import.meta.url));

/** What a tool says. It finds its compute libraries only from their own folder, and takes huge pages as our engines do. */
export async function runTool(name, args) {
  const { stdout } = await run(compileLlamaTool(name), args, {
    cwd: findEngineLibraries().folder,
    env: { ...process.env, GLIBC_TUNABLES: "glibc.malloc.hugetlb=1" },
    maxBuffer: 2 ** 26,
  });
  return stdout;
}

/** Starts node-llama-cpp's public calls in an environment that says nothing of its threads; what they say comes last. */
export function startPublicCalls(task) {
  const { UV_THREADPOOL_SIZE: _, ...env } = process.env;
  return spawn(process.execPath, [publicProgram, JSON.stringify(task)], { env, stdio: ["ignore", "pipe", "inherit"] });
}
