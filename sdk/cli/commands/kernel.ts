import { Command, Option } from "commander";
import type { InstalledKernelspec, JupyterPlace } from "../../../kernels/typescript/install.ts";
import { printJson, printText, printWarnings } from "../output.ts";

interface PlaceFlags {
  readonly user?: true;
  readonly sysPrefix?: true;
  readonly prefix?: string;
  readonly json?: true;
}

function placeOf({ sysPrefix, prefix }: PlaceFlags): JupyterPlace {
  if (prefix !== undefined) return { kind: "prefix", prefix };
  return { kind: sysPrefix ? "sys-prefix" : "user" };
}

function lineOf({ displayName, folder, missingPaths }: InstalledKernelspec): string {
  const missing = missingPaths.length > 0 ? `  (gone: ${missingPaths.join(", ")}; install again)` : "";
  return `${displayName.padEnd(30)}  ${folder}${missing}`;
}

async function install(flags: PlaceFlags): Promise<void> {
  const { dataFolderOf, installKernelspecs } = await import("../../../kernels/typescript/install.ts");
  const installation = await installKernelspecs(await dataFolderOf(placeOf(flags)));
  printWarnings(installation.warnings);
  if (flags.json) printJson(installation);
  else printText(installation.kernelspecs.map(lineOf).join("\n"));
}

async function list(flags: PlaceFlags): Promise<void> {
  const { dataFolderOf, listKernelspecs } = await import("../../../kernels/typescript/install.ts");
  const folder = await dataFolderOf(placeOf(flags));
  const kernelspecs = listKernelspecs(folder);
  if (flags.json) printJson(kernelspecs);
  else if (kernelspecs.length === 0) printText(`no kernel of numalab in ${folder}`);
  else printText(kernelspecs.map(lineOf).join("\n"));
}

async function uninstall(flags: PlaceFlags): Promise<void> {
  const { dataFolderOf, removeKernelspecs } = await import("../../../kernels/typescript/install.ts");
  const folder = await dataFolderOf(placeOf(flags));
  const removed = removeKernelspecs(folder);
  if (flags.json) printJson(removed);
  else if (removed.length === 0) printText(`no kernel of numalab in ${folder}`);
  else printText(removed.map((kernelspec) => `removed ${kernelspec.folder}`).join("\n"));
}

function placeCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .addOption(new Option("--user", "the Jupyter of this user (default)").conflicts(["sysPrefix", "prefix"]))
    .addOption(new Option("--sys-prefix", "the Jupyter of the python3 on the PATH").conflicts("prefix"))
    .option("--prefix <dir>", "the Jupyter below this folder, such as a virtual environment")
    .option("--json", "print one JSON document");
}

/** `numalab kernel`: the TypeScript kernels in Jupyter. */
export function kernelCommand(): Command {
  return new Command("kernel")
    .description("install, list and uninstall the TypeScript kernels for Jupyter and VS Code")
    .addCommand(placeCommand("install", "write the kernelspecs: unbound, and one a NUMA node").action(install))
    .addCommand(placeCommand("list", "show the installed kernelspecs").action(list))
    .addCommand(placeCommand("uninstall", "remove the installed kernelspecs").action(uninstall));
}
