import { join } from "node:path";
import { expect, test } from "vitest";
import { tuningPresets } from "../../sdk/host/desired.ts";
import { parseDesired, readDesired } from "../../sdk/host/desiredFile.ts";
import { machineRoot } from "../measure/machineRoot.ts";
import { refusalOf } from "./tunableMachine.ts";

test("every preset is a desired state", async () => {
  for (const preset of Object.values(tuningPresets)) expect(await parseDesired(preset)).toEqual(preset);
});

test("a file of wanted settings is read", async () => {
  const root = machineRoot({ "wanted.json": '{"swappiness": 10, "smt": "off"}' });
  expect(await readDesired(join(root, "wanted.json"))).toEqual({ swappiness: 10, smt: "off" });
});

test("a misspelt, ill-typed or unreadable wish is refused", async () => {
  const root = machineRoot({ "text.json": "swappiness=1" });
  expect(await refusalOf(() => parseDesired({ swapiness: 1 }), root)).toMatch(/bad-settings.*swapiness/s);
  expect(await refusalOf(() => parseDesired({ swappiness: 900 }), root)).toMatch(/bad-settings.*swappiness: .*200/);
  expect(await refusalOf(() => readDesired(join(root, "text.json")), root)).toMatch(/<root>\/text.json is no JSON/);
  expect(await refusalOf(() => readDesired(join(root, "none.json")), root)).toMatch(/<root>\/none.json gives ENOENT/);
});
