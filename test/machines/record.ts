import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { format } from "prettier";
import { type Files, writeFiles } from "./files.ts";
import type { Expected } from "./recorded.ts";

/** Two recordings of the same files are the same to the byte. */
const alike = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner", "-I", "gzip -9n"];

/** Writes a recorded machine: its tree, and what is expected of a probe of it. */
export async function recordMachine(folder: string, files: Files, expected: Expected): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "numalab-recording-"));
  writeFiles(files, root);
  mkdirSync(folder, { recursive: true });
  execFileSync("tar", [...alike, "-cf", join(folder, "root.tar.gz"), "-C", root, "proc", "sys"]);
  rmSync(root, { recursive: true });
  const text = await format(JSON.stringify(expected), { parser: "json", printWidth: 120 });
  writeFileSync(join(folder, "expected.json"), text);
}
