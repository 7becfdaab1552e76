import { expect, test } from "vitest";
import { drawMachine, type Rectangle } from "../../sdk/plot/topologyLayout.ts";
import { machinePartsOf } from "../../sdk/plot/topologyTree.ts";
import { fourPackages, machineOf } from "./machine.ts";

const isWithin = (inner: Rectangle, outer: Rectangle) =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;

const overlap = (a: Rectangle, b: Rectangle) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

test.each([
  ["two PUs", machineOf()],
  ["256 PUs", fourPackages()],
])("a drawing of %s fits the width, holds every PU once, and nothing lies on its neighbour", (_name, machine) => {
  const { parts, pus, ...size } = drawMachine(machinePartsOf(machine), 900);
  expect(size.width).toBeLessThanOrEqual(900);
  expect(pus.map(({ puIndex }) => puIndex).sort((a, b) => a - b)).toEqual(
    Array.from({ length: machine.pus }, (_, at) => at),
  );
  expect([...parts, ...pus].filter((place) => !isWithin(place, { x: 0, y: 0, ...size }))).toEqual([]);
  const neighbours = (places: readonly Rectangle[]) =>
    places.flatMap((a, at) => places.slice(at + 1).filter((b) => overlap(a, b)));
  expect(neighbours(pus)).toEqual([]);
  expect(neighbours(parts.filter(({ depth }) => depth === 2))).toEqual([]);
});

test("the fewer PUs a machine has, the larger they are drawn", () => {
  const widthOf = (machine = machineOf()) => drawMachine(machinePartsOf(machine), 900).pus[0]!.width;
  expect([widthOf(), widthOf(fourPackages())]).toEqual([56, 44]);
});
