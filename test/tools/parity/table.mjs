// The Markdown table of all figures, each beside its bar.
import { comparePaired } from "numalab/stats";

const finite = (value) => typeof value === "number" && Number.isFinite(value);

/** The ratio of two sides over the rounds in which both gave a figure. */
function ratioOf({ side, over, measure }, rounds) {
  const pairs = rounds
    .map(({ sides }) => [sides[side]?.figures?.[measure], sides[over]?.figures?.[measure]])
    .filter((pair) => pair.every((value) => finite(value) && value > 0));
  if (pairs.length === 0) return null;
  const { ratio, low, high } = comparePaired(
    pairs.map(([a]) => a),
    pairs.map(([, b]) => b),
  );
  return { count: pairs.length, value: ratio, low, high };
}

/** What a side gave in a round; where it is to equal another's, 100 or 0. */
function valueOf({ side, equals, measure }, { sides }) {
  const value = sides[side]?.figures?.[measure];
  const other = sides[equals]?.figures?.[measure];
  if (equals === undefined || value === undefined || other === undefined) return value;
  return value === other ? 100 : 0;
}

/** The worst that a side gave in any round. */
function worstOf(figure, rounds) {
  const { bar } = figure;
  const values = rounds.map((round) => valueOf(figure, round)).filter(finite);
  if (values.length === 0) return null;
  const value = bar?.least === undefined ? Math.max(...values) : Math.min(...values);
  return { count: values.length, value, low: value, high: value };
}

/** Whether the whole interval keeps to the bar, none of it does, or only its middle tells. */
function verdictOf({ bar }, { value, low, high }) {
  if (bar === null) return "";
  const keeps = (one) => (bar.least === undefined ? one <= bar.most : one >= bar.least);
  if (low === null) return `not shown: too few rounds (${keeps(value) ? "keeps" : "misses"})`;
  if (keeps(low) && keeps(high)) return "met";
  if (!keeps(low) && !keeps(high)) return "not met";
  return `not shown (median ${keeps(value) ? "keeps" : "misses"})`;
}

function formatBar({ bar, unit }) {
  if (bar === null) return "";
  return bar.least === undefined ? `<= ${bar.most}${unit}` : `>= ${bar.least}${unit}`;
}

function rowOf(title, figure, rounds) {
  const found = figure.over === undefined ? worstOf(figure, rounds) : ratioOf(figure, rounds);
  const name = [figure.name, title];
  if (found === null) return [...name, "0", "", "", formatBar(figure), "not run"];
  const digits = figure.over === undefined ? 1 : 3;
  const value = `${found.value.toFixed(digits)}${figure.unit}`;
  const interval =
    figure.over === undefined
      ? "worst round"
      : found.low === null
        ? ""
        : `[${found.low.toFixed(digits)}, ${found.high.toFixed(digits)}]`;
  return [...name, String(found.count), value, interval, formatBar(figure), verdictOf(figure, found)];
}

const heads = ["what", "on", "rounds", "median", "95 % interval", "bar", "verdict"];

/** One row a figure, padded so that it reads as text too. */
export function formatTable(groups, rounds) {
  const rows = groups
    .flatMap(({ title, figures }) =>
      figures.map((figure) =>
        rowOf(
          title,
          { unit: "", bar: null, ...figure },
          rounds.filter((one) => one.title === title),
        ),
      ),
    )
    .toSorted(([a = ""], [b = ""]) => a.localeCompare(b));
  const widths = heads.map((head, at) => Math.max(head.length, ...rows.map((row) => row[at].length)));
  const lineOf = (cells, filler = " ") => `| ${cells.map((cell, at) => cell.padEnd(widths[at], filler)).join(" | ")} |`;
  return [
    lineOf(heads),
    lineOf(
      widths.map(() => "-"),
      "-",
    ),
    ...rows.map((row) => lineOf(row)),
  ].join("\n");
}
