import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import type { Warning } from "../../sdk/errors.ts";
import { probeTopology, TopologyError, type Topology } from "../../sdk/topology/index.ts";
import { InstallError } from "./install/errors.ts";
import {
  isOwn,
  type KernelPrograms,
  type Kernelspec,
  type KernelspecFile,
  kernelspecsOf,
} from "./install/kernelspec.ts";
import { removeLabextension, writeLabextension } from "./install/labextension.ts";
import { logoSvg } from "./install/logo.ts";
import { packageFolderOf } from "./install/packageFolder.ts";

export { dataFolderOf, type JupyterPlace } from "./install/dataFolder.ts";
export { InstallError };

/** A kernelspec in a Jupyter data folder. */
export interface InstalledKernelspec {
  readonly name: string;
  readonly displayName: string;
  readonly folder: string;
  /** Files that it names and that are gone, as after a checkout or Node has moved; empty when it can start. */
  readonly missingPaths: readonly string[];
}

/** What an installation wrote, and what it left alone. */
export interface Installation {
  readonly kernelspecs: readonly InstalledKernelspec[];
  /** The folder of the JupyterLab extension that draws plotly figures. */
  readonly labextension: string;
  readonly warnings: readonly Warning[];
}

function programsOf(): KernelPrograms {
  const main = join(packageFolderOf("numalab") ?? "", "dist/kernels/typescript/main.js");
  if (!existsSync(main)) {
    throw new InstallError("not-built", `no kernel at ${main}. Run npm run build.`, { facts: { main } });
  }
  const tslab = packageFolderOf("tslab");
  return { node: process.execPath, main, tslab: tslab === null ? null : join(tslab, "bin/tslab") };
}

async function topologyOfThisMachine(): Promise<Topology | null> {
  try {
    return await probeTopology();
  } catch (error) {
    if (error instanceof TopologyError) return null;
    throw error;
  }
}

/** The kernel.json in that folder; null when there is none, empty when it cannot be read as one. */
function readFileOf(folder: string): Partial<KernelspecFile> | null {
  try {
    return JSON.parse(readFileSync(join(folder, "kernel.json"), "utf8")) as Partial<KernelspecFile>;
  } catch {
    return existsSync(folder) ? {} : null;
  }
}

function installedOf(folder: string, { name, file }: Kernelspec): InstalledKernelspec {
  const missingPaths = file.argv.filter((word) => isAbsolute(word) && !existsSync(word));
  return { name, displayName: file.display_name, folder, missingPaths };
}

/** What `change` gives; a file system that refuses is told with its reason and what to do. */
function changing<Result>(folder: string, change: () => Result): Result {
  try {
    return change();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `${folder} cannot be changed (${reason}). Pass --user, or --prefix with a folder of yours.`;
    throw new InstallError("folder-not-writable", message, { facts: { folder }, cause });
  }
}

function writeKernelspec(folder: string, { file }: Kernelspec): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "kernel.json"), `${JSON.stringify(file, null, 2)}\n`);
  writeFileSync(join(folder, "logo-svg.svg"), logoSvg);
}

function foreignWarning(name: string, folder: string): Warning {
  return {
    code: "kernelspec-not-ours",
    message: `${folder} holds a kernelspec ${name} that this package did not write; it is left as it is.`,
    advice: "Remove it and install again to have ours.",
  };
}

/** The kernelspecs of this package in a Jupyter data folder. */
export function listKernelspecs(dataFolder: string): InstalledKernelspec[] {
  const below = join(dataFolder, "kernels");
  const names = existsSync(below) ? readdirSync(below).sort() : [];
  return names.flatMap((name) => {
    const folder = join(below, name);
    const file = readFileOf(folder);
    return file !== null && isOwn(file) ? [installedOf(folder, { name, file: file as KernelspecFile })] : [];
  });
}

/**
 * Removes what an installation wrote into a Jupyter data folder, and nothing else; the kernelspecs removed.
 * @throws {InstallError} `folder-not-writable`
 */
export function removeKernelspecs(dataFolder: string): InstalledKernelspec[] {
  const found = listKernelspecs(dataFolder);
  changing(dataFolder, () => {
    for (const { folder } of found) rmSync(folder, { recursive: true });
    removeLabextension(dataFolder);
  });
  return found;
}

/**
 * Writes the kernelspecs for this machine, and an extension by which JupyterLab draws plotly figures, into a Jupyter
 * data folder, in place of those an earlier installation left.
 * @throws {InstallError} `not-built`, `folder-not-writable`
 */
export async function installKernelspecs(dataFolder: string): Promise<Installation> {
  const wanted = kernelspecsOf(programsOf(), await topologyOfThisMachine());
  removeKernelspecs(dataFolder);
  const folderOf = ({ name }: Kernelspec) => join(dataFolder, "kernels", name);
  const foreign = wanted.filter((kernelspec) => readFileOf(folderOf(kernelspec)) !== null);
  const written = wanted.filter((kernelspec) => !foreign.includes(kernelspec));
  const labextension = changing(dataFolder, () => {
    for (const kernelspec of written) writeKernelspec(folderOf(kernelspec), kernelspec);
    return writeLabextension(dataFolder);
  });
  return {
    kernelspecs: written.map((kernelspec) => installedOf(folderOf(kernelspec), kernelspec)),
    labextension,
    warnings: foreign.map((kernelspec) => foreignWarning(kernelspec.name, folderOf(kernelspec))),
  };
}
