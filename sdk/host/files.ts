import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  openSync,
  readFileSync,
  readdirSync,
  realpathSync,
  writeSync,
} from "node:fs";
import { join, relative } from "node:path";
import { absent, found, type Reading } from "./reading.ts";

/** The system's word for what went wrong, as `ENOENT`. */
export function errorWordOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}

function reasonOf(path: string, error: unknown): string {
  const word = errorWordOf(error);
  if (word === "ENOENT" || word === "ENOTDIR") return `there is no /${path} here`;
  return word === "EACCES" || word === "EPERM" ? `/${path} may not be read by this user` : `/${path} gives ${word}`;
}

/** Whether a file lies where nobody may write, not even root, as much of /proc does in a container. */
export function isOnReadOnly(root: string, path: string): boolean {
  try {
    accessSync(join(root, path), constants.W_OK);
    return false;
  } catch (error) {
    return errorWordOf(error) === "EROFS";
  }
}

/** The text of a file below a root without the space around it, or why it cannot be read. Read anew each time. */
export function readText(root: string, path: string): Reading<string> {
  try {
    return found(readFileSync(join(root, path), "utf8").trim());
  } catch (error) {
    return absent(reasonOf(path, error));
  }
}

/** The bytes of a file below a root, or why it cannot be read. */
export function readBytes(root: string, path: string): Reading<Buffer> {
  try {
    return found(readFileSync(join(root, path)));
  } catch (error) {
    return absent(reasonOf(path, error));
  }
}

/** The whole number that a file holds, or why there is none. */
export function readNumber(root: string, path: string): Reading<number> {
  const text = readText(root, path);
  if (text.reason !== null) return text;
  const value = Number.parseInt(text.value, 10);
  return Number.isNaN(value) ? absent(`/${path} holds "${text.value}", which is no number`) : found(value);
}

/** The names in a folder in natural order; none where it cannot be read. */
export function listNames(root: string, path: string): readonly string[] {
  try {
    const { compare } = new Intl.Collator("en", { numeric: true });
    return readdirSync(join(root, path)).sort(compare);
  } catch {
    return [];
  }
}

/** Whether a file or a folder is there. */
export const isPresent = (root: string, path: string): boolean => existsSync(join(root, path));

/** Where a path really lies below the root, links followed; null where it does not exist. */
export function realPathOf(root: string, path: string): string | null {
  try {
    return relative(realpathSync(root), realpathSync(join(root, path)));
  } catch {
    return null;
  }
}

/** Writes a file that exists, by one write as the kernel wants it; none is ever made. */
export function writeText(root: string, path: string, text: string): void {
  const file = openSync(join(root, path), constants.O_WRONLY | constants.O_TRUNC);
  try {
    writeSync(file, text);
  } finally {
    closeSync(file);
  }
}
