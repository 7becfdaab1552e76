/** A symbol and how many base units it stands for: `{ symbol: "ms", factor: 0.001 }`. */
export interface Scale {
  readonly symbol: string;
  readonly factor: number;
}

interface Unit {
  /** The symbol of the base unit, in which every value is kept. */
  readonly symbol: string;
  /** Factors of the symbols that people are shown, smallest first. */
  readonly shown: Readonly<Record<string, number>>;
  /** Factors of more symbols that are understood. */
  readonly read?: Readonly<Record<string, number>>;
}

const thousands = (symbol: string) => ({
  [`k${symbol}`]: 1e3,
  [`M${symbol}`]: 1e6,
  [`G${symbol}`]: 1e9,
  [`T${symbol}`]: 1e12,
});
const kibis = (symbol: string) => ({
  [`Ki${symbol}`]: 2 ** 10,
  [`Mi${symbol}`]: 2 ** 20,
  [`Gi${symbol}`]: 2 ** 30,
  [`Ti${symbol}`]: 2 ** 40,
});

/** The closed list of unit words. The longest word that ends a name is its unit. */
const units = {
  Seconds: { symbol: "s", shown: { ns: 1e-9, µs: 1e-6, ms: 1e-3, s: 1 }, read: { us: 1e-6, min: 60, h: 3600 } },
  Bytes: { symbol: "B", shown: { B: 1, ...kibis("B") }, read: thousands("B") },
  BytesPerSecond: { symbol: "B/s", shown: { "B/s": 1, ...thousands("B/s") }, read: kibis("B/s") },
  BytesPerSecondPerSocket: { symbol: "B/s per socket", shown: { "GB/s per socket": 1e9 } },
  BytesPerSecondPerChannel: { symbol: "B/s per channel", shown: { "GB/s per channel": 1e9 } },
  BytesPerToken: { symbol: "B/token", shown: { "B/token": 1, ...kibis("B/token") } },
  TokensPerSecond: { symbol: "tokens/s", shown: { "tokens/s": 1 } },
  TransfersPerSecond: { symbol: "T/s", shown: { "MT/s": 1e6 } },
  OperationsPerSecond: { symbol: "op/s", shown: { "op/s": 1, ...thousands("op/s") } },
  OperationsPerCycle: { symbol: "op/cycle", shown: { "op/cycle": 1 } },
  OperationsPerToken: { symbol: "op/token", shown: { "op/token": 1, ...thousands("op/token") } },
  Hertz: { symbol: "Hz", shown: { Hz: 1, ...thousands("Hz") } },
  Watts: { symbol: "W", shown: { W: 1 } },
  Decibels: { symbol: "dB", shown: { dB: 1 } },
  Bits: { symbol: "bit", shown: { bit: 1 } },
  Ratio: { symbol: "ratio", shown: { "%": 0.01 } },
  Count: { symbol: "", shown: { "": 1 } },
  Index: { symbol: "", shown: { "": 1 } },
  Usd: { symbol: "USD", shown: { USD: 1 } },
  UsdPerHour: { symbol: "USD/h", shown: { "USD/h": 1 } },
} satisfies Record<string, Unit>;

/** The word at the end of a name that says what its number counts. Values are always in base units. */
export type UnitWord = keyof typeof units;

const wordsLongestFirst = (Object.keys(units) as UnitWord[]).sort((a, b) => b.length - a.length);

/** The unit word that a name ends in, or null: `ttftSeconds` and `seconds` give `Seconds`, `hiddenSize` gives null. */
export function unitOf(name: string): UnitWord | null {
  const capitalized = name.charAt(0).toUpperCase() + name.slice(1);
  return wordsLongestFirst.find((word) => capitalized.endsWith(word)) ?? null;
}

/** The base unit of a word: its symbol with the factor 1. */
export function baseScaleOf(unit: UnitWord | null): Scale {
  return { symbol: unit === null ? "" : units[unit].symbol, factor: 1 };
}

/** Every symbol that may stand behind a number of this unit. */
export function scalesOf(unit: UnitWord): Scale[] {
  const { symbol, shown, read }: Unit = units[unit];
  const factors = { "": 1, [symbol]: 1, ...read, ...shown };
  return Object.entries(factors).map(([text, factor]) => ({ symbol: text, factor }));
}

/** The scale in which people read a value easily, the largest in which it is at least 1: 0.2 of `Seconds` gives ms. */
export function scaleOf(value: number, unit: UnitWord | null): Scale {
  if (unit === null) return baseScaleOf(unit);
  const scales = Object.entries<number>(units[unit].shown).map(([symbol, factor]) => ({ symbol, factor }));
  const fitting = scales.findLast(({ factor }) => Number((Math.abs(value) / factor).toPrecision(3)) >= 1);
  return fitting ?? scales.find(({ factor }) => value === 0 && factor === 1) ?? scales[0] ?? baseScaleOf(unit);
}
