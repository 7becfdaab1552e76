import { closeSync, openSync, readFileSync, writeSync } from "node:fs";

/** One thing in an archive: a copy of a file, a link, a text that runs, or a device of characters. */
export type Entry = { readonly path: string } & (
  | { readonly file: string }
  | { readonly target: string }
  | { readonly script: string }
  | { readonly device: [number, number] }
);

const kinds = { folder: 0o040755, file: 0o100755, link: 0o120777, device: 0o020600 };
const align = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
const hexOf = (value: number) => value.toString(16).padStart(8, "0");

interface Record {
  readonly path: string;
  readonly mode: number;
  readonly content: Buffer;
  readonly device: readonly [number, number];
}

function recordOf(entry: Entry): Record {
  const { path } = entry;
  const plain = { path, device: [0, 0] as const };
  if ("file" in entry) return { ...plain, mode: kinds.file, content: readFileSync(entry.file) };
  if ("script" in entry) return { ...plain, mode: kinds.file, content: Buffer.from(entry.script) };
  if ("target" in entry) return { ...plain, mode: kinds.link, content: Buffer.from(entry.target) };
  return { path, device: entry.device, mode: kinds.device, content: Buffer.alloc(0) };
}

function bytesOf({ path, mode, content, device }: Record, number: number): Buffer {
  const name = Buffer.from(`${path}\0`);
  const [major, minor] = device;
  const fields = [number, mode, 0, 0, 1, 0, content.length, 0, 0, major, minor, name.length, 0];
  const head = Buffer.concat([Buffer.from(`070701${fields.map(hexOf).join("")}`), name]);
  return Buffer.concat([align(head), align(content)]);
}

function foldersOf(entries: readonly Entry[]): string[] {
  const folders = entries.flatMap(({ path }) => {
    const names = path.split("/").slice(0, -1);
    return names.map((_, depth) => names.slice(0, depth + 1).join("/"));
  });
  return [...new Set(folders)].sort();
}

/**
 * Writes an archive as the kernel unpacks it at boot: first the folders, then the entries.
 * @see https://docs.kernel.org/driver-api/early-userspace/buffer-format.html
 */
export function writeArchive(file: string, entries: readonly Entry[]): void {
  const descriptor = openSync(file, "w");
  const nothing = Buffer.alloc(0);
  const folders = foldersOf(entries).map((path): Record => ({
    path,
    mode: kinds.folder,
    content: nothing,
    device: [0, 0],
  }));
  let number = 1;
  for (const record of folders) writeSync(descriptor, bytesOf(record, number++));
  for (const entry of entries) writeSync(descriptor, bytesOf(recordOf(entry), number++));
  writeSync(descriptor, bytesOf({ path: "TRAILER!!!", mode: 0, content: nothing, device: [0, 0] }, 0));
  closeSync(descriptor);
}
