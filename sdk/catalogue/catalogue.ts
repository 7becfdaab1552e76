import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { z } from "zod";
import { CatalogueError } from "./errors.ts";
import { parseRows } from "./rows.ts";
import type { CatalogueRows } from "./schemas.ts";

const packageFolder = dirname(createRequire(import.meta.url).resolve("numalab/package.json"));

/** The catalogues there are. */
export type CatalogueName = keyof CatalogueRows;

/**
 * The rows of one catalogue, in base units; empty cells are null.
 * @throws {CatalogueError} `unknown-catalogue`, `bad-row` with file and line
 */
export async function readCatalogue<Name extends CatalogueName>(name: Name): Promise<readonly CatalogueRows[Name][]> {
  const { schemas }: { schemas: { [N in CatalogueName]: z.ZodType<CatalogueRows[N]> } } = await import("./schemas.ts");
  if (!Object.hasOwn(schemas, name)) {
    const known = Object.keys(schemas);
    const message = `there is no catalogue "${name}"; needed one of ${known.join(", ")}. Choose one of those.`;
    throw new CatalogueError("unknown-catalogue", message, { facts: { name, known } });
  }
  const path = `datasets/catalogue/${name}.csv`;
  const text = readFileSync(join(packageFolder, path), "utf8");
  return parseRows(schemas[name], { path, text });
}
