// `npm run lab`: JupyterLab on notebooks/, in a Python environment of its own, with our kernels. What stands behind `--`
// goes to JupyterLab, as in `npm run lab -- --ip 0.0.0.0 --port 8888 --no-browser`.
import { spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { installKernelspecs } from "../typescript/install.ts";
import { endTree } from "../typescript/session/executor/processTree.ts";
import { processMark } from "../typescript/session/executor/wire.ts";
import { labArguments, labUrlIn, welcomeOf } from "./lab.ts";

const root = join(import.meta.dirname, "../..");

/** JupyterLab has so long to end its kernels; what is left then is killed. */
const graceMilliseconds = 10_000;

/** Starts JupyterLab and passes its log on; its exit code, once it and every kernel of whatever language have ended. */
async function runLab(words: readonly string[]): Promise<number | null> {
  const program = join(root, ".lab/bin/jupyter-lab");
  const mark = randomUUID();
  const env = { ...process.env, [processMark]: mark };
  // In a process group of its own it hears of Ctrl-C from here alone: two signals would keep it from ending its kernels.
  const lab = spawn(program, words, {
    cwd: join(root, "notebooks"),
    env,
    stdio: ["ignore", "inherit", "pipe"],
    detached: true,
  });
  const end = (): void => {
    lab.kill("SIGTERM");
    setTimeout(() => lab.kill("SIGKILL"), graceMilliseconds).unref();
  };
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(name, end);
  passLog(lab.stderr);
  const code = await new Promise<number | null>((resolve, reject) => {
    lab.on("error", reject).on("exit", resolve);
  });
  if (lab.pid !== undefined) endTree(lab.pid, mark);
  return code;
}

function passLog(log: Readable): void {
  let isWelcomed = false;
  log.setEncoding("utf8").on("data", (text: string) => {
    process.stderr.write(text);
    const url = isWelcomed ? null : labUrlIn(text);
    if (url === null) return;
    isWelcomed = true;
    process.stdout.write(welcomeOf(url, hostname()));
  });
}

async function main(): Promise<void> {
  const made = spawnSync("bash", [join(root, "kernels/lab/environment.sh")], { stdio: "inherit" });
  if (made.status !== 0) {
    process.exitCode = made.status ?? 1;
    return;
  }
  const { kernelspecs, warnings } = await installKernelspecs(join(root, ".lab/share/jupyter"));
  for (const { message, advice } of warnings) process.stderr.write(`${message} ${advice}\n`);
  process.stdout.write(`Kernels: ${kernelspecs.map(({ displayName }) => displayName).join(", ")}\n`);
  const isRoot = process.getuid?.() === 0;
  const isRemote = process.env["SSH_CONNECTION"] !== undefined;
  process.exitCode = (await runLab(labArguments(process.argv.slice(2), { isRoot, isRemote }))) ?? 1;
}

// A terminal that was closed takes no more text, and kernels must be ended all the same.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

void main();
