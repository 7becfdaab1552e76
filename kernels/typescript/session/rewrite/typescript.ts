import { createRequire } from "node:module";
import type * as blankSpaceModule from "ts-blank-space";
import type ts from "typescript";

const require = createRequire(import.meta.url);
let loaded: typeof ts | null = null;

/** The compiler, which takes a fifth of a second and 60 MB when it is first asked for. */
export function typescript(): typeof ts {
  loaded ??= require("typescript") as typeof ts;
  return loaded;
}

/** The eraser of types that leaves every other character in its place. */
export function blankSpace(): typeof blankSpaceModule {
  return require("ts-blank-space") as typeof blankSpaceModule;
}
