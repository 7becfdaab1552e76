import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ThreadPlacement } from "../inference/index.ts";
import type { InstancePlan } from "../launch/index.ts";

/** One combination that is measured again and again: a model, a placement, a kind of request. */
export interface Cell {
  readonly modelIndex: number;
  readonly placementIndex: number;
  readonly kind: "decode" | "prefill" | "reply";
  readonly threads: ThreadPlacement;
  readonly tokensCount: number;
  readonly depthTokensCount: number;
  /** Of a reply. */
  readonly promptTokensCount?: number;
  /** A decode is cut short here: a thread cliff can be deep. When it is left out, the engine's own limit holds. */
  readonly maximumSeconds?: number;
}

/** What a study runs, written down before its first run, so that an interrupted one can go on. */
export interface Study {
  readonly schema: "study/1";
  readonly id: string;
  /** A digest of what was asked: the same question on the same machine resumes an unfinished study. */
  readonly question: string;
  readonly randomSeed: number;
  readonly modelPaths: readonly string[];
  readonly placements: readonly InstancePlan[];
  readonly cells: readonly Cell[];
  readonly startedAt: string;
  /** Null while it is unfinished. */
  readonly finishedAt: string | null;
}

const fileOf = (folder: string, id: string): string => join(folder, id, "study.json");

/** Writes a study beside its records, whole or not at all. */
export async function writeStudy(folder: string, study: Study): Promise<void> {
  const file = fileOf(folder, study.id);
  await mkdir(join(folder, study.id), { recursive: true });
  await writeFile(`${file}.partial`, `${JSON.stringify(study, null, 2)}\n`);
  await rename(`${file}.partial`, file);
}

function readStudy(file: string): Study | null {
  try {
    const study = JSON.parse(readFileSync(file, "utf8")) as Partial<Study>;
    return study.schema === "study/1" && Array.isArray(study.cells) ? (study as Study) : null;
  } catch {
    return null;
  }
}

/** The newest unfinished study of the same question, or null. A damaged study file is passed over: nothing is lost but the chance to resume. */
export function findUnfinishedStudy(folder: string, question: string): Study | null {
  if (!existsSync(folder)) return null;
  const studies = readdirSync(folder).flatMap((id) => readStudy(fileOf(folder, id)) ?? []);
  const open = studies.filter((study) => study.question === question && study.finishedAt === null);
  return open.sort((a, b) => a.startedAt.localeCompare(b.startedAt)).at(-1) ?? null;
}
