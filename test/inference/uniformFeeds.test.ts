import { expect, test } from "vitest";
import { uniformFeeds } from "../../sdk/inference/uniformFeeds.ts";

test("every input is of ones, of the size that is given for its open dimensions", () => {
  const inputs = [
    { name: "ids", type: "int64" as const, dimensions: [1, "sequence"] },
    { name: "image", type: "float32" as const, dimensions: [2] },
    { name: "past", type: "float16" as const, dimensions: [1, "past"] },
  ];
  const [ids, image, past] = uniformFeeds(inputs, { sequence: 2, past: 0 });
  expect(ids?.dimensions).toEqual([1, 2]);
  expect([...new BigInt64Array(ids!.data.buffer)]).toEqual([1n, 1n]);
  expect([...new Float32Array(image!.data.buffer)]).toEqual([1, 1]);
  expect(past?.data).toHaveLength(0);
});

test("an open dimension without a size is refused by name", () => {
  const inputs = [{ name: "ids", type: "int64" as const, dimensions: ["batch"] }];
  expect(() => uniformFeeds(inputs, {})).toThrow("no size of batch was given");
});
