import { execFile } from "node:child_process";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { InstallError } from "./errors.ts";

/** Which Jupyter is meant: that of this user, that of the Python on the PATH, or that below a prefix. */
export type JupyterPlace =
  { readonly kind: "user" | "sys-prefix" } | { readonly kind: "prefix"; readonly prefix: string };

type Environment = Readonly<Record<string, string | undefined>>;

function userFolder({ JUPYTER_DATA_DIR: own, XDG_DATA_HOME: shared, APPDATA: roaming }: Environment): string {
  if (own) return own;
  if (process.platform === "darwin") return join(homedir(), "Library/Jupyter");
  if (process.platform === "win32" && roaming) return join(roaming, "jupyter");
  return join(shared ? shared : join(homedir(), ".local/share"), "jupyter");
}

async function pythonPrefix(environment: Environment): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)("python3", ["-c", "import sys; print(sys.prefix)"], {
      env: { ...environment },
    });
    return stdout.trim();
  } catch (cause) {
    const message = "python3 on the PATH does not run; its prefix was asked for. Pass --prefix DIR, or --user.";
    throw new InstallError("no-python", message, { cause });
  }
}

/**
 * The data folder in which that Jupyter looks for kernelspecs.
 * @throws {InstallError} `no-python`
 * @see https://docs.jupyter.org/en/latest/use/jupyter-directories.html
 */
export async function dataFolderOf(place: JupyterPlace, environment: Environment = process.env): Promise<string> {
  if (place.kind === "user") return resolve(userFolder(environment));
  const prefix = place.kind === "prefix" ? place.prefix : await pythonPrefix(environment);
  return resolve(prefix, "share/jupyter");
}
