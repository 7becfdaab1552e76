"use strict";
// How danfojs's mended functions treat values. Missing are null, undefined and NaN; danfojs writes NaN for them.

const isMissing = (value) => value === null || value === undefined || Number.isNaN(value);

const nanForMissing = (value) => (isMissing(value) ? NaN : value);

/** A number, an array or a Series for arithmetic: JavaScript takes null for 0, so null becomes NaN. */
function operand(value) {
  if (Array.isArray(value)) return value.map(nanForMissing);
  if (!Array.isArray(value?.values)) return value;
  return Object.create(value, { values: { value: value.values.map(nanForMissing) } });
}

const combine = {
  sum: (a, b) => a + b,
  prod: (a, b) => a * b,
  max: (a, b) => (b > a ? b : a),
  min: (a, b) => (b < a ? b : a),
};

/** The running `operation` over the values that are there; where one is missing the result is missing too. */
function cumulate(values, operation) {
  let total;
  return values.map((value) => {
    if (isMissing(value)) return NaN;
    total = total === undefined ? value : combine[operation](total, value);
    return total;
  });
}

/** Columns of records in the order in which they first appear in any of them. */
const keysOf = (records) => [...new Set(records.flatMap((record) => Object.keys(record)))];

/** @see https://www.rfc-editor.org/rfc/rfc4180 */
function csvCell(value, separator) {
  if (isMissing(value)) return "";
  const text = String(value);
  return text.includes(separator) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const csvLine = (values, separator) => values.map((value) => csvCell(value, separator)).join(separator);

const members = [
  "T",
  "column",
  "columns",
  "config",
  "constructor",
  "copy",
  "drop",
  "dtypes",
  "getColumnData",
  "iloc",
  "index",
  "shape",
  "sub",
  "tensor",
  "toString",
  "values",
];

/** Whether danfojs itself needs the member of this name, so that a column must not hide it; `df.column(name)` reads it. */
const isReserved = (name) => name.startsWith("$") || members.includes(name);

module.exports = { isMissing, nanForMissing, operand, cumulate, keysOf, csvLine, isReserved };
