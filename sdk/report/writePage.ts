import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { ReportError } from "./errors.ts";

/**
 * Puts a page at a path, whole or not at all: it is written beside under another name and then renamed. Missing folders are made.
 * @throws {ReportError} `cannot-write`
 */
export async function writePage(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}.draft`;
  try {
    await mkdir(dirname(resolve(path)), { recursive: true });
    await writeFile(draft, text, { flush: true });
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true });
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `the page could not be written to ${path}: ${reason}. Give a path in a folder you may write to, with room.`;
    throw new ReportError("cannot-write", message, { facts: { path }, cause });
  }
}
