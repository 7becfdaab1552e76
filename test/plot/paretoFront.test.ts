import { expect, test } from "vitest";
import { paretoFront } from "../../sdk/plot/index.ts";

const pointOf = (name: string, kind: string, [megabytes, error]: readonly [number, number | null]) => {
  return { name, kind, fileBytes: megabytes * 1e6, error };
};

const points = [
  pointOf("Q8_0", "uniform", [300, 0.001]),
  pointOf("Q4_0", "uniform", [240, 0.1]),
  pointOf("Q4_1", "uniform", [260, 0.12]),
  pointOf("at 240 MB", "mixed", [239, 0.05]),
];

test("each form is a point of error against size, and the front passes those that none undercuts", () => {
  const { data, layout } = paretoFront(points, { errorLabel: "nats <a token>", scale: "log" });
  expect(data.map(({ name, x, y }) => ({ name, x, y }))).toEqual([
    { name: "none is both smaller and less wrong", x: [239, 300], y: [0.05, 0.001] },
    { name: "uniform", x: [300, 240, 260], y: [0.001, 0.1, 0.12] },
    { name: "mixed", x: [239], y: [0.05] },
  ]);
  expect(layout["xaxis"]).toMatchObject({ title: { text: expect.stringContaining("MB") as string } });
  expect(layout["yaxis"]).toMatchObject({ type: "log", title: { text: "nats &lt;a token>" } });
});

test("forms without an error are counted, not drawn", () => {
  const { data, layout } = paretoFront([...points, pointOf("Q2_K", "uniform", [100, null])]);
  expect(data[1]!["x"]).toEqual([300, 240, 260]);
  expect(JSON.stringify(layout["title"])).toContain("1 of 5");
  expect(() => paretoFront([pointOf("a", "b", [1, null])])).toThrow(
    expect.objectContaining({ code: "no-points" }) as Error,
  );
});
