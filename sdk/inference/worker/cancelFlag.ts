import { closeSync, openSync, rmSync } from "node:fs";
import koffi from "koffi";
import { cancelFlagVariable } from "../cancelFlag.ts";
import type { Handle } from "./native.ts";

/** The byte that the parent sets to stop a computation, as the engine reads it. */
export interface MappedCancelFlag {
  /** A function that tells whether the byte is set: `strlen`, so that no operation waits for JavaScript. */
  readonly isSet: Handle;
  readonly address: Handle;
  clear(): void;
}

const protectionReadWrite = 3;
const mapShared = 1;

/** Maps the byte that the parent named, and takes its name away: nobody else needs it. */
export function mapCancelFlag(): MappedCancelFlag {
  const path = process.env[cancelFlagVariable] ?? "";
  const libc = koffi.load("libc.so.6");
  const mmap = libc.func(
    "void *mmap(void *address, size_t length, int protection, int flags, int file, long offset)",
  ) as (address: null, ...numbers: number[]) => Handle;
  const file = openSync(path, "r+");
  const address = mmap(null, 2, protectionReadWrite, mapShared, file, 0);
  closeSync(file);
  rmSync(path);
  const bytes = new Uint8Array(koffi.view(address, 2));
  return { address, isSet: libc.symbol("strlen") as Handle, clear: () => bytes.fill(0) };
}
