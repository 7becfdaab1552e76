"use strict";
// What danfojs-node calls of @tensorflow/tfjs-node, and no more. Numbers are float64 and keep all their digits, where
// tfjs has float32; null and undefined are NaN, where tfjs has 0.

const numberOf = (value) => (value === null || value === undefined ? NaN : Number(value));
const sizeOf = (shape) => shape.reduce((product, length) => product * length, 1);

/** A scalar, a row or a matrix; `values` lie row by row. */
class Tensor {
  constructor(values, shape, dtype = "float32") {
    if (values.length !== sizeOf(shape)) {
      throw new Error(`A tensor of shape [${shape}] needs ${sizeOf(shape)} values, and ${values.length} were given.`);
    }
    this.values = dtype === "string" ? Array.from(values, String) : Float64Array.from(values, numberOf);
    this.shape = shape;
    this.dtype = dtype;
  }

  get rank() {
    return this.shape.length;
  }

  arraySync() {
    if (this.rank === 0) return this.values[0];
    if (this.rank === 1) return Array.from(this.values);
    const [rows, columns] = this.shape;
    return Array.from({ length: rows }, (_, row) => Array.from(this.values.slice(row * columns, (row + 1) * columns)));
  }

  clone() {
    return new Tensor(this.values, this.shape, this.dtype);
  }

  transpose() {
    if (this.rank < 2) return this.clone();
    const [rows, columns] = this.shape;
    return new Tensor(
      Array.from(this.values, (_, i) => this.values[(i % rows) * columns + Math.floor(i / rows)]),
      [columns, rows],
      this.dtype,
    );
  }

  sqrt() {
    return new Tensor(this.values.map(Math.sqrt), this.shape);
  }

  /** Position of the largest value; missing ones never win. */
  argMax() {
    return scalar(
      this.values.reduce((best, value, i, all) => (value > all[best] || Number.isNaN(all[best]) ? i : best), 0),
    );
  }

  argMin() {
    return scalar(
      this.values.reduce((best, value, i, all) => (value < all[best] || Number.isNaN(all[best]) ? i : best), 0),
    );
  }

  /** `reduce` of each column of a matrix, or of the whole row, because danfojs asks for axis 0 only. */
  reduceColumns(reduce) {
    if (this.rank < 2) return scalar(reduce(Array.from(this.values)));
    return tensor1d(this.transpose().arraySync().map(reduce));
  }

  max() {
    return this.reduceColumns((values) => values.reduce((a, b) => Math.max(a, b), -Infinity));
  }

  min() {
    return this.reduceColumns((values) => values.reduce((a, b) => Math.min(a, b), Infinity));
  }

  mean() {
    return this.reduceColumns((values) => values.reduce((a, b) => a + b, 0) / values.length);
  }
}

/** Shape of the result where lengths are equal, or one of them is 1. */
function broadcast(left, right) {
  const rank = Math.max(left.length, right.length);
  const padded = (shape) => [...Array(rank - shape.length).fill(1), ...shape];
  const [a, b] = [padded(left), padded(right)];
  return a.map((length, i) => {
    if (length !== b[i] && length !== 1 && b[i] !== 1) {
      throw new Error(`Shapes [${left}] and [${right}] do not fit: lengths must be equal, or one of them 1.`);
    }
    return length === 1 ? b[i] : length;
  });
}

/** How far apart the values of neighbouring rows and columns lie; 0 where one value serves them all. */
function stepsOf(shape) {
  const [rows, columns] = [shape.at(-2) ?? 1, shape.at(-1) ?? 1];
  return { row: rows === 1 ? 0 : columns, column: columns === 1 ? 0 : 1 };
}

function elementwise(left, right, { dtype, apply }) {
  const shape = broadcast(left.shape, right.shape);
  const [a, b, columns] = [stepsOf(left.shape), stepsOf(right.shape), shape.at(-1) ?? 1];
  const values = new Float64Array(sizeOf(shape));
  for (let i = 0; i < values.length; i += 1) {
    const column = i % columns;
    const row = (i - column) / columns;
    values[i] = apply(left.values[row * a.row + column * a.column], right.values[row * b.row + column * b.column]);
  }
  return new Tensor(values, shape, dtype);
}

/** The remainder with the sign of the divisor, as tfjs has it. */
function modulo(a, b) {
  const remainder = a % b;
  return remainder !== 0 && remainder < 0 !== b < 0 ? remainder + b : remainder;
}

const arithmetic = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  divNoNan: (a, b) => (b === 0 ? 0 : a / b),
  pow: (a, b) => a ** b,
  mod: modulo,
};

const comparison = {
  greater: (a, b) => a > b,
  less: (a, b) => a < b,
  greaterEqual: (a, b) => a >= b,
  lessEqual: (a, b) => a <= b,
  equal: (a, b) => a === b,
  notEqual: (a, b) => a !== b,
};

for (const [dtype, operations] of [
  ["float32", arithmetic],
  ["bool", comparison],
]) {
  for (const [name, apply] of Object.entries(operations)) {
    Tensor.prototype[name] = function (other) {
      return elementwise(this, other, { dtype, apply });
    };
  }
}

const scalar = (value, dtype) => new Tensor([value], [], dtype);
const tensor1d = (values, dtype) => new Tensor(values, [values.length], dtype);
const tensor2d = (values, shape, dtype) =>
  new Tensor(values.flat(), shape ?? [values.length, values[0]?.length ?? 0], dtype);

function moments(tensor) {
  const mean = tensor.mean();
  const deviation = tensor.sub(mean);
  return { mean, variance: deviation.mul(deviation).mean() };
}

/** Mulberry32: the same numbers for the same seed on every machine. */
function randomOf(seed) {
  let state = [...String(seed)].reduce(
    (hash, letter) => Math.imul(hash ^ letter.codePointAt(0), 0x01000193),
    0x811c9dc5,
  );
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** All items in an order drawn by `seed`; tfjs shuffles only as far as its buffer reaches. */
function shuffled(items, seed) {
  const random = randomOf(seed);
  const order = [...items];
  for (let i = order.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

const dataset = (items) => ({
  shuffle: (_bufferSize, seed) => dataset(shuffled(items, seed)),
  take: (count) => dataset(items.slice(0, count)),
  toArray: async () => items,
});

module.exports = { Tensor, scalar, tensor1d, tensor2d, moments, data: { array: dataset } };
