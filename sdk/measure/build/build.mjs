// Compiles kernels/*.as.ts to WebAssembly: build.mjs <dist/sdk/measure folder>.
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const source = join(root, "sdk/measure/kernels");
const target = join(process.argv[2], "kernels");
const options = ["--runtime", "stub", "--importMemory", "--enable", "simd", "--noAssert", "--use", "abort=", "-O3"];

mkdirSync(target, { recursive: true });
for (const name of readdirSync(source).filter((file) => file.endsWith(".as.ts"))) {
  const compiler = join(root, "node_modules/assemblyscript/bin/asc.js");
  const output = join(target, name.replace(/\.as\.ts$/, ".wasm"));
  execFileSync(process.execPath, [compiler, join(source, name), "--outFile", output, ...options], { stdio: "inherit" });
}
