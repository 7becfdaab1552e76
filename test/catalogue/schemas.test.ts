import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { parseCsv } from "../../sdk/catalogue/csv.ts";
import { parseRows } from "../../sdk/catalogue/rows.ts";
import { schemas } from "../../sdk/catalogue/schemas.ts";

const root = resolve(import.meta.dirname, "../../datasets");
const read = (path: string) => readFileSync(join(root, path), "utf8");

const entry = z.strictObject({
  path: z.string(),
  title: z.string().min(1),
  rows: z.int().positive(),
  columns: z.array(z.string()).min(1),
  source: z.string().min(1),
  licence: z.string().min(1),
});
const index = z.strictObject({ version: z.literal(1), files: z.array(entry) }).parse(JSON.parse(read("index.json")));

test("the index lists every file under datasets/ and no other", () => {
  const below = readdirSync(root, { recursive: true, withFileTypes: true }).filter((found) => found.isFile());
  const paths = below.map((found) => join(found.parentPath, found.name).slice(root.length + 1));
  const listed = index.files.map(({ path }) => path);
  expect(paths.filter((path) => !["README.md", "index.json"].includes(path)).sort()).toEqual([...listed].sort());
});

test.each(index.files)("$path has the rows and columns of the index", ({ path, rows, columns }) => {
  const [header, ...body] = parseCsv({ path, text: read(path) });
  expect(header?.cells).toEqual(columns);
  expect(body).toHaveLength(rows);
});

test.each(Object.entries(schemas))("every row of %s is what its schema says", (name, schema: z.ZodType<object>) => {
  const path = `catalogue/${name}.csv`;
  const { rows } = index.files.find((file) => file.path === path)!;
  expect(parseRows(schema, { path, text: read(path) })).toHaveLength(rows);
});

test("the description names every file", () => {
  const description = read("README.md");
  for (const { path } of index.files) expect(description).toContain(`](${path})`);
});
