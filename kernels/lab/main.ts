// `npm run lab`: JupyterLab on notebooks/, in a Python environment of its own, with our kernels. What stands behind `--`
// goes to JupyterLab, as in `npm run lab -- --ip 0.0.0.0 --port 8888 --no-browser`.
import { spawn, spawnSync } from "node:child_process";
import { hostname } from "node:os";
import { join } from "node:path";
import { installKernelspecs } from "../typescript/install.ts";
import { labArguments, labUrlIn, welcomeOf } from "./lab.ts";

const root = join(import.meta.dirname, "../..");

/** Starts JupyterLab and passes its log on; its exit code. */
function runLab(words: readonly string[]): Promise<number | null> {
  const program = join(root, ".lab/bin/jupyter-lab");
  const lab = spawn(program, words, { cwd: join(root, "notebooks"), stdio: ["inherit", "inherit", "pipe"] });
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => lab.kill("SIGTERM"));
  let isWelcomed = false;
  lab.stderr.setEncoding("utf8").on("data", (text: string) => {
    process.stderr.write(text);
    const url = isWelcomed ? null : labUrlIn(text);
    if (url === null) return;
    isWelcomed = true;
    process.stdout.write(welcomeOf(url, hostname()));
  });
  return new Promise((resolve, reject) => {
    lab.on("error", reject).on("close", resolve);
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

void main();
