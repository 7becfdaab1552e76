"use strict";
// The five functions that danfojs-node calls of mathjs. Missing values are left out; what nothing is known of is NaN.

const present = (values) => values.filter((value) => value !== null && value !== undefined && !Number.isNaN(value));

function mean(values) {
  const numbers = present(values).map(Number);
  return numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}

/** With n - 1 below the sum of squares: NaN for one sample, which shows no spread (mathjs says 0). */
function variance(values) {
  const numbers = present(values).map(Number);
  const middle = mean(numbers);
  return numbers.length < 2
    ? NaN
    : numbers.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (numbers.length - 1);
}

function median(values) {
  const sorted = present(values)
    .map(Number)
    .sort((a, b) => a - b);
  const half = sorted.length / 2;
  return sorted.length === 0 ? NaN : (sorted[Math.ceil(half) - 1] + sorted[Math.floor(half)]) / 2;
}

/** All most frequent values, in the order in which they became so. */
function mode(values) {
  const counts = new Map();
  let [most, modes] = [0, []];
  for (const value of present(values)) {
    const count = (counts.get(value) ?? 0) + 1;
    counts.set(value, count);
    if (count > most) [most, modes] = [count, []];
    if (count === most) modes.push(value);
  }
  return modes;
}

module.exports = { mean, variance, median, mode, std: (values) => Math.sqrt(variance(values)) };
