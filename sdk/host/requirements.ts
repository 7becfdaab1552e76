import { readFile, statfs } from "node:fs/promises";
import type { Topology } from "../topology/index.ts";
import { formatQuantity, parseQuantity } from "../units/index.ts";
import { hasFlag } from "./engineBuild.ts";
import { HostError } from "./errors.ts";
import { errorWordOf, readText } from "./files.ts";
import { problemOf } from "./problem.ts";
import { absent, found, type Reading } from "./reading.ts";

/** What a host has to have. What is left out is not asked. */
export interface Requirements {
  readonly coresCount?: number | undefined;
  readonly memoryBytes?: number | undefined;
  readonly freeDiskBytes?: number | undefined;
  /** Where the disk is asked for: the current folder unless told. */
  readonly diskFolder?: string | undefined;
  /** As /proc/cpuinfo spells them. */
  readonly isaFlags?: readonly string[] | undefined;
  /** The oldest kernel, as `5.10`. */
  readonly kernelVersion?: string | undefined;
}

/** One requirement, and whether it is met. */
export interface RequirementResult {
  readonly requirement: Exclude<keyof Requirements, "diskFolder">;
  readonly needed: string;
  /** What was found, or why it is not known, which does not meet it. */
  readonly found: string;
  readonly isMet: boolean;
}

async function schemaOf() {
  const { z } = await import("zod");
  const bytes = z.union([z.number(), z.string()]).transform((value, context) => {
    try {
      return typeof value === "number" ? value : parseQuantity(value, "Bytes");
    } catch (error) {
      context.addIssue(error instanceof Error ? error.message : String(error));
      return z.NEVER;
    }
  });
  return z
    .strictObject({
      coresCount: z.int().positive(),
      memoryBytes: bytes,
      freeDiskBytes: bytes,
      diskFolder: z.string(),
      isaFlags: z.array(z.string()),
      kernelVersion: z.string().regex(/^\d+(\.\d+)*$/, "needed is a version such as 5.10"),
    })
    .partial();
}

function refusal(problem: string, cause?: unknown): HostError {
  const message = `The requirements are not understood: ${problem}. Mend them; a requirement that nobody understands is not met.`;
  return new HostError("bad-requirements", message, { facts: { problem }, cause });
}

/**
 * The requirements, checked. Bytes may be written as numbers or as texts such as `32 GiB`.
 * @throws {HostError} `bad-requirements` with what is wrong
 */
export async function parseRequirements(value: unknown): Promise<Requirements> {
  const { success, data, error } = (await schemaOf()).safeParse(value);
  if (!success) throw refusal(problemOf(error));
  return data;
}

/**
 * The requirements in a JSON file.
 * @throws {HostError} `bad-requirements`
 */
export async function readRequirements(file: string): Promise<Requirements> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    throw refusal(cause instanceof SyntaxError ? `${file} is no JSON` : `${file} gives ${errorWordOf(cause)}`, cause);
  }
  return await parseRequirements(value);
}

/** Whether a version is another or later: `6.1.0-18-amd64` is at least `5.10`. */
export function isAtLeastVersion(version: string, least: string): boolean {
  const numbersOf = (text: string) => (/^\d+(\.\d+)*/.exec(text)?.[0] ?? "").split(".").map(Number);
  const [has, needs] = [numbersOf(version), numbersOf(least)];
  const at = needs.findIndex((number, index) => number !== (has[index] ?? 0));
  return at === -1 || (has[at] ?? 0) > (needs[at] ?? 0);
}

async function readFreeBytes(root: string, folder: string): Promise<Reading<number>> {
  if (root !== "/") return absent("the disk of a recorded machine is not known");
  try {
    const { bavail, bsize } = await statfs(folder);
    return found(bavail * bsize);
  } catch (error) {
    return absent(`${folder} gives ${errorWordOf(error)}`);
  }
}

const shownOr = <Value>(reading: Reading<Value>, textOf: (value: Value) => string) =>
  reading.reason === null ? textOf(reading.value) : `unknown: ${reading.reason}`;

function checkNumber(
  requirement: "coresCount" | "memoryBytes" | "freeDiskBytes",
  needed: number,
  reading: Reading<number>,
): RequirementResult {
  const textOf = (value: number) => formatQuantity(value, requirement);
  const isMet = reading.reason === null && reading.value >= needed;
  return { requirement, needed: textOf(needed), found: shownOr(reading, textOf), isMet };
}

function checkFlags(needed: readonly string[], isaFlags: readonly string[]): RequirementResult {
  const missing = needed.filter((flag) => !hasFlag(isaFlags, flag));
  const found = missing.length === 0 ? "all of them" : `without ${missing.join(", ")}`;
  return { requirement: "isaFlags", needed: needed.join(", "), found, isMet: missing.length === 0 };
}

function checkKernel(needed: string, version: Reading<string>): RequirementResult {
  const isMet = version.reason === null && isAtLeastVersion(version.value, needed);
  return { requirement: "kernelVersion", needed, found: shownOr(version, String), isMet };
}

const orUnknown = (value: number | null, what: string): Reading<number> =>
  value === null || value === 0 ? absent(`the kernel tells no ${what}`) : found(value);

/** Whether a host has what is required of it; what is not known does not meet a requirement. */
export async function checkRequirements(required: Requirements, topology: Topology): Promise<RequirementResult[]> {
  const { coresCount, memoryBytes, freeDiskBytes, diskFolder = ".", isaFlags, kernelVersion } = required;
  const { root, cores, limits } = topology;
  const memory = topology.memoryBytes === null ? null : Math.min(topology.memoryBytes, limits.memoryBytes ?? Infinity);
  const results: RequirementResult[] = [];
  if (coresCount !== undefined) results.push(checkNumber("coresCount", coresCount, orUnknown(cores, "cores")));
  if (memoryBytes !== undefined) results.push(checkNumber("memoryBytes", memoryBytes, orUnknown(memory, "memory")));
  if (freeDiskBytes !== undefined) {
    results.push(checkNumber("freeDiskBytes", freeDiskBytes, await readFreeBytes(root, diskFolder)));
  }
  if (isaFlags !== undefined) results.push(checkFlags(isaFlags, topology.isaFlags));
  if (kernelVersion !== undefined) {
    results.push(checkKernel(kernelVersion, readText(root, "proc/sys/kernel/osrelease")));
  }
  return results;
}
