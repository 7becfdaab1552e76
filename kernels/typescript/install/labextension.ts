import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolderOf } from "./packageFolder.ts";

const name = "numalab-plotly";

const folderIn = (dataFolder: string) => join(dataFolder, "labextensions", name);

/** The compiler makes a CommonJS module of it, but JupyterLab loads a script: this gives it the `exports` it expects. */
function scriptOf(module: string): string {
  return `((exports) => {\n${module}\n})({});\n`;
}

/**
 * Writes a JupyterLab extension that draws live plotly figures wherever a trusted notebook has one; its folder.
 * @see https://jupyterlab.readthedocs.io/en/stable/extension/extension_dev.html#prebuilt-extensions
 */
export function writeLabextension(dataFolder: string): string {
  const built = join(packageFolderOf("numalab") ?? "", "dist");
  const folder = folderIn(dataFolder);
  const files = join(folder, "static");
  const entry = readFileSync(join(built, "kernels/typescript/install/labextension/remoteEntry.cjs"), "utf8");
  const manifest = {
    name,
    version: "1.0.0",
    description: "Draws plotly figures, with a copy of plotly.js of its own.",
    license: "MIT",
    jupyterlab: { mimeExtension: true, _build: { load: "static/remoteEntry.js", mimeExtension: "./mimeExtension" } },
  };
  mkdirSync(files, { recursive: true });
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  writeFileSync(join(files, "remoteEntry.js"), scriptOf(entry));
  copyFileSync(join(built, "sdk/plot/plotly.js.deflate"), join(files, "plotly.js.deflate"));
  copyFileSync(join(built, "sdk/plot/plotly.LICENSE"), join(files, "plotly.LICENSE"));
  return folder;
}

/** Removes that extension; nothing happens where it is not. */
export function removeLabextension(dataFolder: string): void {
  rmSync(folderIn(dataFolder), { recursive: true, force: true });
}
