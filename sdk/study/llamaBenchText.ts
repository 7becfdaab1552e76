import { formatInterval, formatQuantity } from "../units/index.ts";
import type { BenchTest } from "./benchTest.ts";
import { type LlamaBenchField, llamaBenchFieldsOf, llamaBenchSamplesOf, type LlamaBenchType } from "./llamaBench.ts";
import { markdownTableOf } from "./llamaBenchTable.ts";

/** The output formats of llama-bench. */
export const llamaBenchFormats = ["md", "csv", "json", "jsonl", "sql"] as const;

/** One of them. */
export type LlamaBenchFormat = (typeof llamaBenchFormats)[number];

/** Members that llama-bench's fields hold already. */
const told = new Set(["runs", "modelPath", "cpus", "isSuspect"]);

/** What this package adds to a test, at its end. */
function additionsOf(test: BenchTest): Record<string, unknown> {
  const [{ model, engine, spec, study }] = test.runs;
  return {
    ...Object.fromEntries(Object.entries(test).filter(([name]) => !told.has(name))),
    synthetic: model.synthetic,
    cpus: spec.cpus,
    hasFlashAttention: engine?.hasFlashAttention ?? null,
    outputDigest: engine?.outputDigest ?? null,
    study,
  };
}

const textOf = ({ type, value }: LlamaBenchField): string =>
  type === "real" ? Number(value).toFixed(6) : String(value);

function jsonValueOf(field: LlamaBenchField): string {
  if (field.type === "text") return JSON.stringify(field.value);
  return field.type === "boolean" ? String(field.value === 1) : textOf(field);
}

/** The members of a test's JSON object. */
function jsonMembersOf(test: BenchTest): string[] {
  const { ns, ts } = llamaBenchSamplesOf(test);
  return [
    ...llamaBenchFieldsOf(test).map((field) => `"${field.name}": ${jsonValueOf(field)}`),
    `"samples_ns": [ ${ns.join(", ")} ]`,
    `"samples_ts": [ ${ts.map((one) => Number(one.toPrecision(6))).join(", ")} ]`,
    `"numalab": ${JSON.stringify(additionsOf(test))}`,
  ];
}

function jsonOf(tests: readonly BenchTest[]): string {
  const objects = tests.map(
    (test) =>
      `  {\n${jsonMembersOf(test)
        .map((member) => `    ${member}`)
        .join(",\n")}\n  }`,
  );
  return `[\n${objects.join(",\n")}\n]\n`;
}

const csvWordOf = (text: string): string => `"${text.replaceAll('"', '""')}"`;

function csvOf(tests: readonly BenchTest[]): string {
  const rows = tests.map((test) => llamaBenchFieldsOf(test));
  const header = (rows[0] ?? []).map(({ name }) => name).join(",");
  return [header, ...rows.map((row) => row.map((field) => csvWordOf(textOf(field))).join(","))].join("\n") + "\n";
}

const sqlTypes: Record<LlamaBenchType, string> = { text: "TEXT", boolean: "INTEGER", integer: "INTEGER", real: "REAL" };

function sqlOf(tests: readonly BenchTest[]): string {
  const rows = tests.map((test) => llamaBenchFieldsOf(test));
  const columns = (rows[0] ?? []).map(({ name, type }) => `  ${name} ${sqlTypes[type]}`).join(",\n");
  const inserts = rows.map((row) => {
    const names = row.map(({ name }) => name).join(", ");
    const values = row.map((field) => `'${textOf(field).replaceAll("'", "''")}'`).join(", ");
    return `INSERT INTO llama_bench (${names}) VALUES (${values});\n`;
  });
  return `CREATE TABLE IF NOT EXISTS llama_bench (\n${columns}\n);\n\n${inserts.join("")}`;
}

/** A line under the table for each test: the interval, the share of the bandwidth, the binding. */
function additionLineOf(test: BenchTest): string {
  const { lowTokensPerSecond: low, highTokensPerSecond: high, tokensPerSecond, rooflineRatio, runs } = test;
  const interval = low === null ? "" : ` [${formatInterval({ low, high }, "tokensPerSecond")}]`;
  const share = { low: test.rooflineLowRatio, high: test.rooflineHighRatio };
  const shareInterval = share.low === null ? "" : ` [${formatInterval(share, "shareRatio")}]`;
  const bandwidth = formatQuantity(test.bandwidthBytesPerSecond, "bytesPerSecond");
  const [{ spec, model, engine }] = runs;
  const words = [
    `${test.model} ${test.test}, threads ${spec.threadsCount}: ${formatQuantity(tokensPerSecond, "tokensPerSecond")}${interval}`,
    ...(rooflineRatio === null
      ? []
      : [`${formatQuantity(rooflineRatio, "shareRatio")}${shareInterval} of ${bandwidth}`]),
    `CPUs ${spec.cpus} ${test.binding}`,
    ...(engine?.hasFlashAttention == null ? [] : [`flash attention ${engine.hasFlashAttention ? "on" : "off"}`]),
    ...(model.synthetic ? ["synthetic weights"] : []),
    ...(test.warnings === "" ? [] : [test.warnings]),
  ];
  return words.join("; ");
}

function markdownOf(tests: readonly BenchTest[], shown: readonly string[]): string {
  const words = tests[0]?.runs[0].engine?.words;
  const build = `build: ${words?.buildCommit ?? "unknown"} (${words?.buildNumber ?? 0})`;
  const additions = tests.map((test) => `numalab: ${additionLineOf(test)}\n`);
  return `${markdownTableOf(tests, shown)}\n${build}\n\n${additions.join("")}`;
}

/** How tests are written. */
export interface LlamaBenchOptions {
  readonly format: LlamaBenchFormat;
  /** Fields that a table shows because they were chosen, by llama-bench's names. */
  readonly shownFields?: readonly string[];
}

/**
 * Tests as llama-bench writes them: the same fields in the same order. JSON has one member more at the end, `numalab`; a
 * table has lines below it. A test without a speed is left out.
 * @see https://github.com/ggml-org/llama.cpp/blob/master/tools/llama-bench/README.md
 */
export function formatLlamaBench(tests: readonly BenchTest[], { format, shownFields = [] }: LlamaBenchOptions): string {
  const timed = tests.filter(({ tokensPerSecond }) => tokensPerSecond !== null);
  if (format === "json") return jsonOf(timed);
  if (format === "jsonl") return timed.map((test) => `{${jsonMembersOf(test).join(", ")}}\n`).join("");
  if (format === "csv") return csvOf(timed);
  return format === "sql" ? sqlOf(timed) : markdownOf(timed, shownFields);
}
