import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatSheet, type LaunchSheet } from "./commandLine/sheet.ts";
import type { LaunchRequest } from "./commandLine/request.ts";
import { LaunchError } from "./errors.ts";

/** A file's name has at most 255 bytes. */
const longestCpus = 150;

/**
 * The log file of each instance, below a folder that is made, by its index; none where none were asked for. A file beside
 * them tells what is started.
 * @throws {LaunchError} `unwritable-folder`
 */
export function openLogFiles({ logFolder, logPrefix }: LaunchRequest, sheet: LaunchSheet): ReadonlyMap<number, string> {
  if (logFolder === null || logFolder === "") return new Map();
  const time = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
  const notes = sheet.warnings.map(({ message, advice }) => `# ${message} ${advice}`);
  let start: string;
  try {
    mkdirSync(logFolder, { recursive: true });
    start = startOf(join(logFolder, `${logPrefix}_${time}`), `${[...notes, formatSheet(sheet)].join("\n")}\n`);
  } catch (cause) {
    const message = `${logFolder} is to hold the logs, and cannot be written to: ${(cause as Error).message}. Name another folder.`;
    throw new LaunchError("unwritable-folder", message, { facts: { logFolder }, cause });
  }
  const fileOf = (instanceIndex: number, cpus: string): string =>
    `${start}_instance_${instanceIndex}_cores_${cpus.replaceAll(",", "_").slice(0, longestCpus)}.log`;
  return new Map(sheet.instances.map(({ instanceIndex, cpus }) => [instanceIndex, fileOf(instanceIndex, cpus)]));
}

/** Writes what is started, and returns how the names of all files of this launch begin: another may have begun this second. */
function startOf(wanted: string, text: string, attempt = 1): string {
  const start = attempt === 1 ? wanted : `${wanted}-${attempt}`;
  try {
    writeFileSync(`${start}_instances.log`, text, { flag: "wx" });
    return start;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return startOf(wanted, text, attempt + 1);
  }
}
