import { expect, test } from "vitest";
import { tuningRowsOf } from "../../sdk/host/tuningRow.ts";
import { plannedFor, tunableRoot } from "./tunableMachine.ts";

test("a row tells a setting as it is and as it is wanted, why and at what cost", async () => {
  expect(tuningRowsOf(await plannedFor(tunableRoot(), { swappiness: 1 }))).toEqual([
    {
      setting: "swappiness",
      placesCount: 1,
      now: "60",
      wanted: "1",
      action: "change",
      why: "weights that were swapped out come back one page fault at a time",
      cost: "under pressure the page cache goes first, and a mapped model file lies in it",
    },
  ]);
});

test("what is impossible says the reason instead, and costs nothing", async () => {
  const rows = tuningRowsOf(await plannedFor(tunableRoot(), { governor: "ondemand" }));
  expect(rows.map(({ now, action, why, cost }) => ({ now, action, why, cost }))).toEqual(
    ["powersave", "performance"].map((now) => ({
      now,
      action: "impossible",
      why: '"ondemand" is not offered for governor: the kernel offers performance, powersave',
      cost: null,
    })),
  );
});

test("places that are set alike are one row", async () => {
  const plan = await plannedFor(tunableRoot(), { swappiness: 1 });
  const rows = tuningRowsOf({ ...plan, steps: [...plan.steps, ...plan.steps] });
  expect(rows.map(({ placesCount }) => placesCount)).toEqual([2]);
});
