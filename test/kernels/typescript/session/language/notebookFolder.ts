import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A folder for a notebook, gone with the test. */
export interface NotebookFolder extends Disposable {
  readonly path: string;
  write(name: string, text: string): void;
}

/** A fresh folder with files. */
export function makeNotebookFolder(files: Readonly<Record<string, string>> = {}): NotebookFolder {
  const path = mkdtempSync(join(tmpdir(), "numalab-notebook-"));
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  return {
    path,
    write,
    [Symbol.dispose]: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}
