import { mkdir, open, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { ReportError } from "./errors.ts";

/** What the operating system says of a path at which no file can be. */
const placeFaults = new Set(["EACCES", "EEXIST", "EINVAL", "EISDIR", "ENAMETOOLONG", "ENOTDIR", "EPERM", "EROFS"]);

function errorOf(cause: unknown, path: string): ReportError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const word = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const message = `the page could not be written to ${path}: ${reason}. Give a path in a folder you may write to, with room.`;
  return new ReportError(placeFaults.has(word) ? "bad-place" : "cannot-write", message, { facts: { path }, cause });
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/**
 * Nothing when a page can be put at a path; its folders are made. Asked before a measurement, it spares one whose report
 * could not be kept.
 * @throws {ReportError} `bad-place`, `cannot-write`
 */
export async function assertPagePlace(path: string): Promise<void> {
  const draft = `${path}.${process.pid}.draft`;
  try {
    await mkdir(dirname(resolve(path)), { recursive: true });
    if (await isFolder(path)) throw Object.assign(new Error("it is a folder"), { code: "EISDIR" });
    await (await open(draft, "w")).close();
    await rm(draft);
  } catch (cause) {
    throw errorOf(cause, path);
  }
}

/**
 * Puts a page at a path, whole or not at all: it is written beside under another name and then renamed. Missing folders are made.
 * @throws {ReportError} `bad-place`, `cannot-write`
 */
export async function writePage(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}.draft`;
  try {
    await mkdir(dirname(resolve(path)), { recursive: true });
    await writeFile(draft, text, { flush: true });
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw errorOf(cause, path);
  }
}
