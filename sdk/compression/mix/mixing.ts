import { quantizeModel } from "../../inference/index.ts";
import { type Model, quantLabels } from "../../model/index.ts";
import { CompressionError } from "../errors.ts";
import { chooseOptions, type Option } from "./choice.ts";
import { overrideOf } from "./groups.ts";
import type { MixMeasurement, MixRow } from "./measuring.ts";

/** What a mix may take: of the disk, or of memory bandwidth for each token that is decoded. */
export type MixBudget = { readonly fileBytes: number } | { readonly bytesPerToken: number };

/** A storage format for each group. */
export interface MixPlan {
  readonly measurement: MixMeasurement;
  readonly rows: readonly MixRow[];
  readonly fileBytes: number;
  readonly predictedDivergence: number;
}

/** An embedding table is read whole where it stands for the output. */
function readsWhole(group: string, { groups }: MixMeasurement): boolean {
  return !group.includes("_embd") || (group === "token_embd" && !groups.some(({ name }) => name === "output"));
}

/**
 * The formats that together move the model least, by what was measured, within a budget; experts are counted as read whole.
 * @throws {CompressionError} `over-budget`, `bad-setting`
 */
export function planMix(measurement: MixMeasurement, budget: MixBudget): MixPlan {
  const [allowedBytes] = Object.values(budget) as [number];
  if (!(allowedBytes > 0)) {
    const message = `The budget is ${allowedBytes} bytes; needed more than 0. Pass a number of bytes.`;
    throw new CompressionError("bad-setting", message, { facts: { allowedBytes } });
  }
  const rowsOf = (group: string) => measurement.rows.filter((row) => row.group === group);
  const costOf = ({ group, bytes }: MixRow) => ("fileBytes" in budget || readsWhole(group, measurement) ? bytes : 0);
  const options = measurement.groups.map(({ name }) =>
    rowsOf(name).map((row): Option => ({ name: row.type, cost: costOf(row), error: row.predictedDivergence })),
  );
  const choice = chooseOptions(options, allowedBytes - measurement.otherBytes);
  const rows = measurement.groups.map(({ name }, at) => {
    return rowsOf(name).find(({ type }) => type === choice.options[at]?.name) as MixRow;
  });
  const groupBytes = rows.reduce((total, { bytes }) => total + bytes, 0);
  return { measurement, rows, fileBytes: groupBytes + measurement.otherBytes, predictedDivergence: choice.error };
}

/** The label of the format that most bytes are in. */
function labelOf(rows: readonly MixRow[]): string {
  const bytes = new Map<string, number>();
  for (const row of rows) bytes.set(row.type, (bytes.get(row.type) ?? 0) + row.bytes);
  const [[type] = ["Q8_0"]] = [...bytes].sort(([, a], [, b]) => b - a);
  return quantLabels.includes(type) ? type : `${type}_M`;
}

/**
 * Writes the file of a mix.
 * @throws {ModelError} as `quantizeModel`
 * @throws {EngineError} as `quantizeModel`
 */
export async function buildMix(
  { measurement: { path, groups }, rows }: MixPlan,
  request: { readonly outputPath: string; readonly signal?: AbortSignal },
): Promise<Model> {
  const overrides = groups.map((group, at) => overrideOf(group, rows[at]?.type ?? "F16"));
  return quantizeModel({ path, quant: labelOf(rows), overrides, ...request });
}
