// Writes the kernelspec of this checkout's tslab: `npx tsx kernels/tslab/install.ts [Jupyter data folder]`.
// tslab's own installer names a bare `tslab`, which a local install does not put on the PATH; here every path is absolute.
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";

const dataFolder = resolve(process.argv[2] ?? join(import.meta.dirname, "../../.venv/share/jupyter"));
const tslab = join(dirname(createRequire(import.meta.url).resolve("tslab/package.json")), "bin/tslab");
const kernelspec = {
  argv: [process.execPath, tslab, "kernel", "--config-path", "{connection_file}"],
  display_name: "TypeScript (tslab)",
  language: "typescript",
};

const folder = join(dataFolder, "kernels/tslab");
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, "kernel.json"), `${JSON.stringify(kernelspec, null, 2)}\n`);
console.log(folder);
