import type { BenchTest } from "./benchTest.ts";
import { llamaBenchFieldsOf } from "./llamaBench.ts";

/** A column of llama-bench's table: its name there, its width (negative: flush left), its text. */
interface Column {
  readonly name: string;
  readonly width: number;
  readonly textOf: (test: BenchTest) => string;
}

type Values = ReadonlyMap<string, string | number>;

function valuesOf(test: BenchTest): Values {
  return new Map(llamaBenchFieldsOf(test).map(({ name, value }) => [name, value]));
}

function sizeText(bytes: number): string {
  const mebibytes = bytes / 2 ** 20;
  return bytes < 2 ** 30 ? `${mebibytes.toFixed(2)} MiB` : `${(mebibytes / 1024).toFixed(2)} GiB`;
}

function parametersText(count: number): string {
  return count < 1e9 ? `${(count / 1e6).toFixed(2)} M` : `${(count / 1e9).toFixed(2)} B`;
}

const speedText = (values: Values): string =>
  `${Number(values.get("avg_ts")).toFixed(2)} ± ${Number(values.get("stddev_ts")).toFixed(2)}`;

function column(name: string, width: number, textOf: (values: Values, test: BenchTest) => string): Column {
  return { name, width, textOf: (test) => textOf(valuesOf(test), test) };
}

const firstColumns: readonly Column[] = [
  column("model", -30, (values) => String(values.get("model_type"))),
  column("size", 10, (values) => sizeText(Number(values.get("model_size")))),
  column("params", 10, (values) => parametersText(Number(values.get("model_n_params")))),
  column("backend", -10, (values) => String(values.get("backends"))),
  column("threads", 7, (values) => String(values.get("n_threads"))),
];

const lastColumns: readonly Column[] = [column("test", 15, (_, { test }) => test), column("t/s", 20, speedText)];

/** Columns that stand between only when they were chosen: the field, what it is called there, its width. */
const chosenColumns: readonly (readonly [field: string, name: string, width: number])[] = [
  ["cpu_mask", "cpu_mask", -10],
  ["cpu_strict", "cpu_strict", 10],
  ["poll", "poll", 10],
  ["n_batch", "n_batch", 7],
  ["n_ubatch", "n_ubatch", 8],
  ["type_k", "type_k", 6],
  ["type_v", "type_v", 6],
  ["flash_attn", "fa", 3],
  ["load_mode", "lm", 10],
];

function padded(text: string, width: number): string {
  return width < 0 ? text.padEnd(-width) : text.padStart(width);
}

function rowText(cells: readonly string[], columns: readonly Column[]): string {
  return `|${columns.map(({ width }, index) => ` ${padded(cells[index] ?? "", width)} |`).join("")}\n`;
}

/** The table of llama-bench, with columns for the fields of `shown`. */
export function markdownTableOf(tests: readonly BenchTest[], shown: readonly string[]): string {
  const chosen = chosenColumns
    .filter(([field]) => shown.includes(field))
    .map(([field, name, width]) => column(name, width, (values) => String(values.get(field))));
  const columns = [...firstColumns, ...chosen, ...lastColumns];
  const rules = columns.map(({ width }) => `${"-".repeat(Math.abs(width) - 1)}${width > 0 ? ":" : "-"}`);
  const head =
    rowText(
      columns.map(({ name }) => name),
      columns,
    ) + rowText(rules, columns);
  return (
    head +
    tests
      .map((test) =>
        rowText(
          columns.map(({ textOf }) => textOf(test)),
          columns,
        ),
      )
      .join("")
  );
}
