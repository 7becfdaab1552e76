import { writtenPosition } from "./sources.ts";

/** Our own folder, whose frames nobody wants to see. */
const ownFolder = new URL(".", import.meta.url).href;
/** Frames of libraries above those of a cell must not crowd them out. */
const mostFrames = 50;

/** The file, or what a text without a file calls itself. */
function fileOf(site: NodeJS.CallSite): string {
  return site.getScriptNameOrSourceURL() ?? "";
}

function headOf(error: Error): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "Error";
  }
}

function textOf(site: NodeJS.CallSite): string {
  const [file, line, column] = [fileOf(site), site.getLineNumber(), site.getColumnNumber()];
  const text = (site as { toString(): string }).toString();
  if (file === "" || line === null || column === null) return text;
  const written = writtenPosition({ file, line, column });
  return text.replace(`${file}:${line}:${column}`, () => `${written.file}:${written.line}:${written.column}`);
}

/** Whether a cell begins here: below it is only what runs cells. */
function isBottom(site: NodeJS.CallSite): boolean {
  return fileOf(site) === "node:inspector" && site.getFunctionName() === "post";
}

function isForeign(site: NodeJS.CallSite): boolean {
  const file = fileOf(site);
  return !file.startsWith("node:") && !file.startsWith(ownFolder);
}

/**
 * Makes the stack of every error speak of what was written: positions in cells and in TypeScript files, no frame of Node's inside
 * and none of ours.
 * @see https://v8.dev/docs/stack-trace-api
 */
export function installStackTraces(): void {
  Error.stackTraceLimit = mostFrames;
  Error.prepareStackTrace = (error, sites) => {
    const bottom = sites.findIndex(isBottom);
    const frames = sites.slice(0, bottom === -1 ? sites.length : bottom).filter(isForeign);
    return [headOf(error), ...frames.map((site) => `    at ${textOf(site)}`)].join("\n");
  };
}

/** The lines of a stack that are frames of what a person, or a package, has written. */
export function writtenFrames(stack: string): string[] {
  return stack
    .split("\n")
    .filter((line) => /^\s+at /.test(line) && !line.includes(ownFolder) && !/[( ]node:/.test(line));
}

/** The files of the frames below a function, the innermost first; frames without a file are left out. */
export function innermostFiles(below: (...values: never[]) => unknown): string[] {
  const usual = Reflect.get(Error, "prepareStackTrace") as unknown;
  const trace: { stack?: string[] } = {};
  Error.prepareStackTrace = (_, sites) => sites.map((site) => fileOf(site)).filter((file) => file !== "");
  Error.captureStackTrace(trace, below);
  const files = trace.stack ?? [];
  Reflect.set(Error, "prepareStackTrace", usual);
  return files;
}
