// AssemblyScript: compiled to kernels/read.wasm by build/build.mjs.

/**
 * The sum of all 64-bit words in [start, end), whose length is a multiple of 128 bytes. Four independent sums keep
 * the additions off the critical path; returning the sum keeps the loads from being optimised away.
 */
export function read(start: usize, end: usize): i64 {
  let a = i64x2.splat(0);
  let b = i64x2.splat(0);
  let c = i64x2.splat(0);
  let d = i64x2.splat(0);
  for (let at = start; at < end; at += 128) {
    a = i64x2.add(a, v128.load(at, 0));
    b = i64x2.add(b, v128.load(at, 16));
    c = i64x2.add(c, v128.load(at, 32));
    d = i64x2.add(d, v128.load(at, 48));
    a = i64x2.add(a, v128.load(at, 64));
    b = i64x2.add(b, v128.load(at, 80));
    c = i64x2.add(c, v128.load(at, 96));
    d = i64x2.add(d, v128.load(at, 112));
  }
  const sum = i64x2.add(i64x2.add(a, b), i64x2.add(c, d));
  return i64x2.extract_lane(sum, 0) + i64x2.extract_lane(sum, 1);
}
