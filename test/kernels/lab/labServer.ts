import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const root = resolve(import.meta.dirname, "../../..");

/** JupyterLab as `npm run lab` starts it. */
export interface LabServer extends AsyncDisposable {
  readonly process: ChildProcess;
  /** The address of a notebook in the opened folder, in a workspace of its own. */
  urlOf(notebook: string): string;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** Starts JupyterLab on that folder, and waits until it says what to open. */
export async function startLab(folder: string): Promise<LabServer> {
  const script = [join(root, "node_modules/tsx/dist/cli.mjs"), join(root, "kernels/lab/main.ts")];
  const words = ["--no-browser", "--port", String(await freePort()), `--ServerApp.root_dir=${folder}`];
  const lab = spawn(process.execPath, [...script, ...words], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  lab.stderr.resume();
  const ended = once(lab, "close");
  let address: string | undefined;
  for await (const line of createInterface({ input: lab.stdout })) {
    address = /http:\/\/localhost:\S+/.exec(line)?.[0];
    if (address !== undefined) break;
  }
  if (address === undefined) throw new Error("JupyterLab ended before it said what to open");
  const { origin, search } = new URL(address);
  let workspaceCount = 0;
  return {
    process: lab,
    urlOf: (notebook) => `${origin}/lab/workspaces/test${workspaceCount++}/tree/${notebook}${search}`,
    async [Symbol.asyncDispose]() {
      if (lab.exitCode === null) lab.kill("SIGINT");
      await ended;
    },
  };
}
