import type { Trace } from "./spec.ts";
import { colorOf } from "./theme.ts";

/** The traces of each name that points have, in the order in which the names come, each name in a colour of its own. */
export function tracesByName<Point>(
  points: readonly Point[],
  nameOf: (point: Point) => string,
  tracesOf: (name: string, points: readonly Point[], color: string) => Trace | readonly Trace[],
): readonly Trace[] {
  const names = [...new Set(points.map(nameOf))];
  return names.flatMap((name, at) =>
    tracesOf(
      name,
      points.filter((point) => nameOf(point) === name),
      colorOf(at),
    ),
  );
}
