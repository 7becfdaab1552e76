import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { join } from "node:path";
import { LaunchError } from "./errors.ts";
import type { InstancePlan } from "./plan.ts";

/** By these, OpenMP programs would leave the CPUs they were bound to. */
const overridingVariables = { GOMP_CPU_AFFINITY: undefined, KMP_AFFINITY: undefined };

/** Variables of an environment; what is undefined is taken away. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** What runs in each instance of a launch. */
export interface Program {
  readonly file: string;
  readonly args: readonly string[];
  /** Added to this process's own environment, for all instances or for each; what is undefined is taken away. */
  readonly environment?: Variables | ((plan: InstancePlan) => Variables);
}

/** The whole environment of an instance. */
export function environmentOf({ environment }: Program, plan: InstancePlan): Variables {
  const own = typeof environment === "function" ? environment(plan) : (environment ?? {});
  return { ...process.env, ...overridingVariables, ...own };
}

/**
 * Makes sure that the program of an instance is there, so that it is not what binds it that says so.
 * @throws {LaunchError} `no-such-program`
 */
export async function assertProgramExists({ file }: Program, { PATH = "/usr/bin:/bin" }: Variables): Promise<void> {
  const isPath = file.includes("/");
  const candidates = isPath ? [file] : PATH.split(":").map((folder) => join(folder === "" ? "." : folder, file));
  const found = await Promise.all(candidates.map(isProgram));
  if (file !== "" && found.includes(true)) return;
  const message = `${file} ${isPath ? "is no file that can be run" : `is in none of the folders of PATH, ${PATH}`}. Name a program that is installed, or its whole path.`;
  throw new LaunchError("no-such-program", message, { facts: { file } });
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
