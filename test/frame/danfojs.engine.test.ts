import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { concat, DataFrame, merge, readCSV, readJSON, Series, toDateTime, type Cell } from "numalab/frame";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "frame-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Quantizations with hyphens, speeds with a missing value, rows out of order. */
const frame = () =>
  new DataFrame({
    quant: ["x-y", "x", "x-y", "a"],
    part: ["z", "y-z", "z", "b"],
    threads: [4, 2, 1, 3],
    speed: [10, null, 30, 40],
  });
const numbers = () =>
  new DataFrame(
    [
      [1, 2],
      [3, 4],
      [5, 9],
    ],
    { columns: ["a", "b"] },
  );
const words = () => new Series(["Alpha", " beta ", null]);
const left = () => new DataFrame({ id: [1, 2, 3], a: ["p", "q", "r"] });
const right = () => new DataFrame({ id: [2, 3, 4], b: [20, 30, 40] });
const joined = (how: "inner" | "outer" | "left" | "right") =>
  merge({ left: left(), right: right(), on: ["id"], how }).values;
const shifted = () => numbers().sortValues("b", { ascending: false });
const large = [16777217, 123456789.123];

type Case = readonly [title: string, found: () => unknown, expected: unknown];

// prettier-ignore
const making: Case[] = [
  ["columns by name", () => [frame().shape, frame().columns], [[4, 4], ["quant", "part", "threads", "speed"]]],
  ["records whose keys stand in another order", () => new DataFrame([{ a: 1, b: 2 }, { b: 3, a: 4 }]).values, [[1, 2], [4, 3]]],
  ["records that lack a key", () => new DataFrame([{ a: 1 }, { a: 2, b: 3 }]).values, [[1, NaN], [2, 3]]],
  ["no rows", () => [new DataFrame([], { columns: ["a"] }).shape, new DataFrame({ a: [] }).shape], [[0, 1], [0, 1]]],
  ["strings of digits stay strings", () => new DataFrame({ cpus: ["0", "1"], n: [0, 1] }).dtypes, ["string", "int32"]],
  ["strings behind many missing values", () => new Series([...Array<null>(30).fill(null), "a"]).dtype, "string"],
  ["a column named values", () => { const df = new DataFrame({ values: [1, 2], a: [3, 4] }); return [df.values, df.column("values").values]; }, [[[1, 3], [2, 4]], [1, 2]]],
  ["a column by name", () => [numbers()["a"]?.values, numbers().column("b").values], [[1, 3, 5], [2, 4, 9]]],
];

// prettier-ignore
const computing: Case[] = [
  ["addition keeps float64", () => new DataFrame({ a: large }).add(0).values, [[16777217], [123456789.123]]],
  ["multiplication keeps float64", () => new DataFrame({ a: large }).mul(2).values, [[33554434], [246913578.246]]],
  ["a series keeps float64", () => new Series(large).sub(1).values, [16777216, 123456788.123]],
  ["a frame and a frame", () => numbers().sub(numbers()).values, [[0, 0], [0, 0], [0, 0]]],
  ["a frame and a row", () => numbers().div([2, 4], { axis: 1 }).values, [[0.5, 0.5], [1.5, 1], [2.5, 2.25]]],
  ["a frame and a column", () => numbers().add([10, 20, 30], { axis: 0 }).values, [[11, 12], [23, 24], [35, 39]]],
  ["powers and remainders", () => [numbers().pow(2).values[2], numbers().mod(2).values[2]], [[25, 81], [1, 1]]],
  ["missing plus one is missing", () => [new Series([null, 1]).add(1).values, new DataFrame({ a: [null, 1] }).add(1).values], [[NaN, 2], [[NaN], [2]]]],
  ["missing is not below five", () => [frame().column("speed").lt(15).values, frame().column("speed").ge(0).values], [[true, false, false, false], [true, false, true, true]]],
  ["a frame above a number", () => numbers().gt(3).values, [[false, false], [false, true], [true, true]]],
  ["equal and unequal", () => [frame().column("quant").eq("x-y").values, frame().column("threads").ne(2).values], [[true, false, true, false], [true, false, true, true]]],
  ["the absolute of missing is missing", () => new Series([-1, null]).abs().values, [1, NaN]],
  ["running sums pass over missing values", () => new Series([1, null, 3]).cumSum().values, [1, NaN, 4]],
  ["running sums of a frame stay in their rows", () => new DataFrame({ a: [1, NaN, 3], b: [1, 2, 3] }).cumSum({ axis: 0 }).values, [[1, 1], [NaN, 3], [4, 6]]],
  ["rounding", () => new Series([1.2345, 2]).round(2).values, [1.23, 2]],
  ["a function of every row sees it whole", () => new DataFrame([[null, 2, 8], [1, 2, 4]]).apply((row) => Number(row[2]) / Number(row[1])).values, [4, 2]],
  ["a function of every cell", () => numbers().applyMap((value) => Number(value) * 10).values, [[10, 20], [30, 40], [50, 90]]],
  ["differences of rows", () => new DataFrame({ a: [1, 3, 6] }).diff(1).values, [[NaN], [2], [3]]],
];

// prettier-ignore
const summing: Case[] = [
  ["sum, mean and count leave missing values out", () => { const speed = frame().column("speed"); return [speed.sum(), speed.mean(), speed.count()]; }, [80, 80 / 3, 3]],
  ["median of an even and an odd number", () => [new Series([4, 1, 3, 2]).median(), new Series([9, 1, 5]).median()], [2.5, 5]],
  ["standard deviation and variance with n - 1", () => { const s = new Series([2, 4, 4, 4, 5, 5, 7, 9]); return [s.std(), s.var()]; }, [Math.sqrt(32 / 7), 32 / 7]],
  ["one sample shows no spread", () => new Series([5]).std(), NaN],
  ["mode, minimum and maximum", () => { const s = new Series([3, 1, 3, 2]); return [s.mode(), s.min(), s.max(), s.argMax(), s.argMin()]; }, [[3], 1, 3, 0, 1]],
  ["the mean of nothing", () => new Series([null, NaN]).mean(), NaN],
  ["down the columns and along the rows", () => [numbers().mean({ axis: 0 }).values, numbers().sum().values], [[3, 5], [3, 7, 14]]],
  ["a description", () => new DataFrame({ a: [1, 2, 3, null] }).describe().column("a").values, [3, 2, 1, 1, 2, 3, 1]],
  ["counts of values", () => { const counts = new Series([1.5, 1.5, 1]).valueCounts(); return Object.fromEntries(counts.index.map((value, i) => [value, counts.values[i]])); }, { "1": 1, "1.5": 2 }],
  ["counts of words that begin with a digit", () => { const counts = new Series(["4-core", "4-chip", "4-core"]).valueCounts(); return [counts.index, counts.values]; }, [["4-core", "4-chip"], [2, 1]]],
  ["distinct values", () => [frame().column("quant").unique().values, frame().column("quant").nUnique()], [["x-y", "x", "a"], 3]],
];

// prettier-ignore
const grouping: Case[] = [
  ["one key", () => frame().groupby(["quant"]).col(["threads"]).sum().values, [["x-y", 5], ["x", 2], ["a", 3]]],
  ["two keys that a hyphen would confuse", () => frame().groupby(["quant", "part"]).col(["threads"]).count().values, [["x-y", "z", 2], ["x", "y-z", 1], ["a", "b", 1]]],
  ["the group of two keys", () => frame().groupby(["quant", "part"]).getGroup(["x", "y-z"]).column("threads").values, [2]],
  ["means without missing values", () => frame().groupby(["quant"]).col(["speed"]).mean().values, [["x-y", 20], ["x", NaN], ["a", 40]]],
  ["several aggregates", () => { const df = frame().groupby(["quant"]).agg({ threads: ["min", "max"], speed: "count" }); return [df.columns, df.values[0]]; }, [["quant", "threads_min", "threads_max", "speed_count"], ["x-y", 1, 4, 2]]],
  ["a function of a group", () => frame().groupby(["quant"]).col(["threads"]).apply((group) => group.head(1)).values, [["x-y", 4], ["x", 2], ["a", 3]]],
  ["the number of groups", () => frame().groupby(["quant", "part"]).ngroups, 3],
];

// prettier-ignore
const joining: Case[] = [
  ["inner", () => joined("inner"), [[2, "q", 20], [3, "r", 30]]],
  ["left", () => joined("left"), [[1, "p", NaN], [2, "q", 20], [3, "r", 30]]],
  ["right", () => joined("right"), [[2, "q", 20], [3, "r", 30], [4, NaN, 40]]],
  ["outer", () => joined("outer"), [[1, "p", NaN], [2, "q", 20], [3, "r", 30], [4, NaN, 40]]],
  ["two keys that an underscore would confuse", () => merge({ left: new DataFrame({ a: ["x_y"], b: ["z"], l: [1] }), right: new DataFrame({ a: ["x"], b: ["y_z"], r: [2] }), on: ["a", "b"], how: "inner" }).shape, [0, 4]],
  ["rows below each other", () => concat({ dfList: [left(), right()], axis: 0 }).values, [[1, "p", NaN], [2, "q", NaN], [3, "r", NaN], [2, NaN, 20], [3, NaN, 30], [4, NaN, 40]]],
  ["columns side by side", () => concat({ dfList: [left(), right()], axis: 1 }).columns, ["id", "a", "id1", "b"]],
  ["a frame with an empty one", () => concat({ dfList: [new DataFrame([], { columns: ["id"] }), right()], axis: 0 }).shape, [3, 2]],
  ["the first frame stays as it was", () => { const first = left(); concat({ dfList: [first, left()], axis: 0 }); return [first.column("id").values, first.shape]; }, [[1, 2, 3], [3, 2]]],
  ["more rows than a call takes arguments", () => { const many = new DataFrame({ a: Array<Cell>(200_000).fill(1) }); return concat({ dfList: [many, many], axis: 0 }).shape; }, [400_000, 1]],
];

// prettier-ignore
const choosing: Case[] = [
  ["ascending, missing last", () => frame().sortValues("speed").column("speed").values, [10, 30, 40, null]],
  ["descending, missing last", () => frame().sortValues("speed", { ascending: false }).column("speed").values, [40, 30, 10, null]],
  ["a sort keeps labels with their rows", () => [shifted().index, shifted().values], [[2, 1, 0], [[5, 9], [3, 4], [1, 2]]]],
  ["words of a series in order", () => new Series(["b", "c", "a"]).sortValues().values, ["a", "b", "c"]],
  ["positions in order", () => new Series([30, 10, 20], { index: ["x", "y", "z"] }).argSort().values, [1, 2, 0]],
  ["a filter after a sort takes the right rows", () => shifted().query(shifted().column("a").gt(2)).values, [[5, 9], [3, 4]]],
  ["a filter that nothing passes", () => numbers().query(numbers().column("a").gt(99)).shape, [0, 2]],
  ["conditions together", () => frame().query(frame().column("threads").gt(1).and(frame().column("quant").eq("x-y"))).column("threads").values, [4]],
  ["rows and columns by position", () => numbers().iloc({ rows: ["1:3"], columns: [1] }).values, [[4], [9]]],
  ["rows and columns by label", () => shifted().loc({ rows: [0, 2], columns: ["b"] }).values, [[2], [9]]],
  ["one cell", () => [shifted().iat(0, 1), shifted().at(0, "b")], [9, 2]],
  ["first and last rows", () => [numbers().head(1).values, numbers().tail(1).values], [[[1, 2]], [[5, 9]]]],
  ["rows without missing values", () => frame().dropNa().column("threads").values, [4, 1, 3]],
  ["columns without missing values", () => frame().dropNa({ axis: 0 }).columns, ["quant", "part", "threads"]],
  ["missing values filled", () => frame().fillNa(0, { columns: ["speed"] }).column("speed").values, [10, 0, 30, 40]],
  ["a column and a row left out", () => [numbers().drop({ columns: "a" }).columns, numbers().drop({ index: 0 }).values], [["b"], [[3, 4], [5, 9]]]],
  ["the last of equal values", () => { const s = new Series([1, 2, 1]); return [s.dropDuplicates({ keep: "last" }).values, s.values]; }, [[2, 1], [1, 2, 1]]],
];

// prettier-ignore
const changing: Case[] = [
  ["a column added at a place", () => { const df = numbers().addColumn("name", ["x", "y", "z"], { atIndex: 0 }); return [df.columns, df.dtypes]; }, [["name", "a", "b"], ["string", "int32", "int32"]]],
  ["a column replaced in a copy", () => { const df = numbers(); return [df.addColumn("a", [7, 8, 9]).column("a").values, df.column("a").values]; }, [[7, 8, 9], [1, 3, 5]]],
  ["a column set on a copy only", () => { const df = numbers(); const copy = df.copy(); copy["a"] = new Series([7, 8, 9]); return [df.values[0], copy.values[0], copy.column("a").values]; }, [[1, 2], [7, 2], [7, 8, 9]]],
  ["names changed", () => numbers().rename({ a: "c" }).columns, ["c", "b"]],
  ["types changed, missing stays missing", () => new DataFrame({ a: ["1", null] }).asType("a", "float32").values, [[1], [null]]],
  ["rows and columns swapped", () => numbers().T.values, [[1, 3, 5], [2, 4, 9]]],
  ["text", () => [words().str.trim().values, words().str.toUpperCase().values, words().str.len().values], [["Alpha", "beta", NaN], ["ALPHA", " BETA ", NaN], [5, 6, NaN]]],
  ["dates", () => { const dates = toDateTime(["2026-03-01"]); return [dates.year().values, dates.monthName().values]; }, [[2026], ["March"]]],
  ["a value mapped", () => new Series([1, 2]).map((value) => Number(value) * 2).values, [2, 4]],
];

// prettier-ignore
const writing: Case[] = [
  ["CSV with commas, quotes and missing values", () => new DataFrame({ "a,b": ["x,y", 'say "hi"'], c: [null, NaN] }).toCSV(), '"a,b",c\n"x,y",\n"say ""hi""",\n'],
  ["CSV of a part of a frame", () => numbers().head(1).toCSV(), "a,b\n1,2\n"],
  ["JSON by rows and by columns", () => [numbers().head(1).toJSON(), numbers().toJSON({ format: "row" })], [[{ a: 1, b: 2 }], { a: [1, 3, 5], b: [2, 4, 9] }]],
  ["text to print", () => numbers().toString().split("\n").length, 10],
];

const cases = { making, computing, summing, grouping, joining, choosing, changing, writing };

for (const [area, table] of Object.entries(cases)) {
  test.each(table)(`${area}: %s`, (_title, found, expected) => {
    expect(found()).toEqual(expected);
  });
}

test("every frame and series is an instance of the exported classes", () => {
  const results = [
    frame().head(1),
    numbers().add(1),
    concat({ dfList: [left(), right()], axis: 0 }),
    numbers().groupby(["a"]).sum(),
  ];
  expect(results.every((result) => result instanceof DataFrame)).toBe(true);
  expect(frame().column("speed").add(1)).toBeInstanceOf(Series);
  expect([DataFrame.prototype.constructor.name, Series.prototype.constructor.name]).toEqual(["DataFrame", "Series"]);
});

test("a table written to a file is read back", async () => {
  const path = join(folder, "table.csv");
  numbers().toCSV({ filePath: path });
  expect((await readCSV(path)).column("b").values).toEqual([2, 4, 9]);
  numbers().toJSON({ filePath: join(folder, "table.json") });
  expect(JSON.parse(readFileSync(join(folder, "table.json"), "utf8"))).toHaveLength(3);
  expect((await readJSON(join(folder, "table.json"))).values).toEqual(numbers().values);
});

test("a file that is missing or torn is refused, not fatal", async () => {
  writeFileSync(join(folder, "torn.json"), "[{");
  await expect(readJSON(join(folder, "none.json"))).rejects.toThrow("ENOENT");
  await expect(readJSON(join(folder, "torn.json"))).rejects.toThrow("JSON");
  await expect(readCSV(join(folder, "none.csv"))).rejects.toThrow("ENOENT");
});

test.each([
  ["group by", () => numbers().groupby(["c"])],
  ["merge on", () => merge({ left: left(), right: numbers(), on: ["id"], how: "inner" })],
  ["sort by", () => numbers().sortValues("c")],
  ["choose", () => numbers().loc({ columns: ["c"] })],
  ["drop", () => numbers().drop({ columns: "c" })],
])("an unknown column to %s is refused", (_title, act) => {
  expect(act).toThrow(/column/i);
});

test("a sample is drawn by its seed, from rows whatever their labels", async () => {
  const values = async (seed: number) => (await shifted().sample(2, { seed })).values;
  expect(await values(7)).toEqual(await values(7));
  expect(
    new Set((await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(values))).map((sample) => JSON.stringify(sample))).size,
  ).toBeGreaterThan(2);
});
