// Builds dist/ from sdk/ and kernels/: tsc, then each layer's own build step (sdk/<layer>/build/build.mjs, when there is one),
// then the self-link node_modules/numalab, because tslab resolves imports the old way. A build that fails leaves the old one.
// With --if-changed nothing is done when no source is newer than the last build.
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const stamp = join(root, "dist", ".built");
const sources = ["sdk", "kernels", "package.json", "tsconfig.json", "test/tools/build.mjs"];

function newestMilliseconds(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  const below = readdirSync(path).filter((name) => name !== "node_modules");
  return Math.max(stat.mtimeMs, ...below.map((name) => newestMilliseconds(join(path, name))));
}

function isFresh() {
  if (!existsSync(stamp)) return false;
  const builtAt = statSync(stamp).mtimeMs;
  return sources.every((path) => newestMilliseconds(join(root, path)) <= builtAt);
}

function build() {
  const startedAt = Date.now();
  const draft = join(root, `.dist-${process.pid}`);
  mkdirSync(draft);
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  execFileSync(process.execPath, [compiler, "-p", "sdk", "--outDir", draft], { cwd: root, stdio: ["ignore", 2, 2] });
  for (const layer of Object.keys(JSON.parse(readFileSync(join(root, "sdk/layers.json"), "utf8")))) {
    const step = join(root, "sdk", layer, "build", "build.mjs");
    if (existsSync(step))
      execFileSync(process.execPath, [step, join(draft, "sdk", layer)], { cwd: root, stdio: ["ignore", 2, 2] });
  }
  writeFileSync(join(draft, ".built"), "");
  rmSync(join(root, "dist"), { recursive: true, force: true });
  renameSync(draft, join(root, "dist"));
  const link = join(root, "node_modules", "numalab");
  rmSync(link, { recursive: true, force: true });
  symlinkSync("..", link, "dir");
  console.error(`numalab: built dist/ in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
}

for (const name of readdirSync(root).filter((name) => name.startsWith(".dist-"))) {
  if (!existsSync(`/proc/${name.slice(".dist-".length)}`)) rmSync(join(root, name), { recursive: true, force: true });
}
if (!process.argv.includes("--if-changed") || !isFresh()) build();
