import { readFile } from "node:fs/promises";
import type { DesiredSettings } from "./desired.ts";
import { HostError } from "./errors.ts";
import { errorWordOf } from "./files.ts";
import { problemOf } from "./problem.ts";

async function schemaOf() {
  const { z } = await import("zod");
  const percent = z.int().min(0).max(100);
  const onOff = z.enum(["on", "off"]);
  const interrupts = z.strictObject({
    devices: z.union([z.literal("all"), z.array(z.string())]),
    cpus: z.string().optional(),
    awayFrom: z.string().optional(),
  });
  const network = z.strictObject({
    interfaces: z.union([z.literal("all"), z.array(z.string())]),
    queuesCount: z.int().positive().optional(),
    lro: onOff.optional(),
    gro: onOff.optional(),
  });
  return z
    .strictObject({
      swappiness: z.int().min(0).max(200),
      numaBalancing: z.int().min(0).max(3),
      zoneReclaimMode: z.int().min(0).max(7),
      dirtyPercent: percent,
      dirtyBackgroundPercent: percent,
      transparentHugePages: z.enum(["always", "madvise", "never"]),
      transparentHugePagesDefrag: z.enum(["always", "defer", "defer+madvise", "madvise", "never"]),
      energyPreference: z.string(),
      governor: z.string(),
      turbo: onOff,
      smt: onOff,
      irqbalance: z.enum(["running", "stopped"]),
      interrupts,
      network,
      isolatedCpus: z.string(),
      nohzFullCpus: z.string(),
    })
    .partial();
}

function refusal(problem: string, cause?: unknown): HostError {
  const message = `The desired settings are not understood: ${problem}. Mend them; nothing was changed.`;
  return new HostError("bad-settings", message, { facts: { problem }, cause });
}

/**
 * The settings that are wanted, checked: a misspelt name would silently stay as it is.
 * @throws {HostError} `bad-settings` with what is wrong
 */
export async function parseDesired(value: unknown): Promise<DesiredSettings> {
  const { success, data, error } = (await schemaOf()).safeParse(value);
  if (!success) throw refusal(problemOf(error));
  return data;
}

/**
 * The settings that a JSON file wants.
 * @throws {HostError} `bad-settings`
 */
export async function readDesired(file: string): Promise<DesiredSettings> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    const problem = cause instanceof SyntaxError ? `${file} is no JSON` : `${file} gives ${errorWordOf(cause)}`;
    throw refusal(problem, cause);
  }
  return await parseDesired(value);
}
