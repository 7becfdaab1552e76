import { UnitsError } from "./errors.ts";
import { scaleOf, scalesOf, unitOf, type Scale, type UnitWord } from "./unit.ts";

/** What stands for a missing value wherever people read. */
const missing = "–";

/**
 * The number people are shown for a value in a scale, without its symbol: three significant digits, of a percentage at
 * most one decimal, but never a rounded whole number: 25.123 gives 25.1, 1234.4 gives 1,234.
 */
export function formatIn(value: number, { symbol, factor }: Scale): string {
  const shown = value / factor;
  if (Math.abs(shown) >= 100) return String(Math.round(shown)).replace(/\B(?=(\d{3})+$)/g, ",");
  return String(Number(symbol === "%" ? shown.toFixed(1) : shown.toPrecision(3)));
}

function join(text: string, { symbol }: Scale): string {
  return symbol === "" ? text : `${text} ${symbol}`;
}

function assertFinite(value: number, name: string): void {
  if (Number.isFinite(value)) return;
  const message = `${name} is ${value}; needed a finite number. Write null where a value is missing.`;
  throw new UnitsError("not-finite", message, { facts: { name, value } });
}

/**
 * The text people are shown for a value: three significant digits in a fitting unit, taken from the value's name.
 * `formatQuantity(0.2, "ttftSeconds")` gives `200 ms`; null gives `–`.
 * @throws {UnitsError} `not-finite`
 */
export function formatQuantity(value: number | null, name: string): string {
  if (value === null) return missing;
  assertFinite(value, name);
  const scale = scaleOf(value, unitOf(name));
  return join(formatIn(value, scale), scale);
}

/** The two ends of an interval; null where there is none. */
export interface Interval {
  readonly low: number | null;
  readonly high: number | null;
}

/**
 * The text people are shown for an interval, both ends in one unit: `24.9–25.4 tokens/s`; `–` when an end is missing.
 * @throws {UnitsError} `not-finite`
 */
export function formatInterval({ low, high }: Interval, name: string): string {
  if (low === null || high === null) return missing;
  for (const end of [low, high]) assertFinite(end, name);
  const scale = scaleOf(Math.max(Math.abs(low), Math.abs(high)), unitOf(name));
  return join(`${formatIn(low, scale)}–${formatIn(high, scale)}`, scale);
}

/** A number with or without thousands' commas, then the symbol. */
const quantityPattern =
  /^(?<digits>[-+]?(?=\.?\d)(?:\d{1,3}(?:,\d{3})+|\d*)(?:\.\d+)?(?:e[-+]?\d+)?)\s*(?<symbol>.*)$/s;

/**
 * The number of base units that a text such as `1.5GiB`, `200 ms` or `2GB/s` stands for. A bare number counts base units.
 * @throws {UnitsError} `not-a-quantity`, `unknown-symbol`
 */
export function parseQuantity(text: string, unit: UnitWord): number {
  const { digits = "", symbol = "" } = quantityPattern.exec(text.trim())?.groups ?? {};
  const scales = scalesOf(unit);
  const symbols = scales.map((scale) => scale.symbol).filter((known) => known !== "");
  const needed = `needed a number of ${unit}, bare${symbols.length > 0 ? ` or with one of: ${symbols.join(", ")}` : ""}`;
  const value = Number(digits.replaceAll(",", ""));
  if (digits === "" || !Number.isFinite(value)) {
    throw new UnitsError("not-a-quantity", `"${text}" does not begin with a finite number; ${needed}.`, {
      facts: { text, unit },
    });
  }
  const scale = scales.find((candidate) => candidate.symbol === symbol);
  if (scale === undefined) {
    throw new UnitsError("unknown-symbol", `"${text}" has the symbol "${symbol}"; ${needed}.`, {
      facts: { text, unit },
    });
  }
  return value * scale.factor;
}
