import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { applyTuning } from "../../sdk/host/apply.ts";
import type { DesiredSettings } from "../../sdk/host/desired.ts";
import { journalFile } from "../../sdk/host/journal.ts";
import { undoTuning } from "../../sdk/host/undo.ts";
import { plannedFor, refusalOf, textAt, tunableRoot } from "./tunableMachine.ts";

const swappiness = "proc/sys/vm/swappiness";
const journalIn = (root: string) => join(root, "var/lib/numalab");
const apply = async (root: string, desired: DesiredSettings) =>
  applyTuning(await plannedFor(root, desired), { journalFolder: journalIn(root), confirm: true });
const undo = (root: string) => undoTuning({ root, journalFolder: journalIn(root) });

describe("nothing is changed by a journal", () => {
  const change = async (mend: (text: string) => string) => {
    const root = tunableRoot();
    await apply(root, { swappiness: 1 });
    const file = journalFile(journalIn(root));
    writeFileSync(file, mend(readFileSync(file, "utf8")));
    const refusal = await refusalOf(() => undo(root), root);
    expect(textAt(root, swappiness)).toBe("1");
    return refusal;
  };

  test("that was cut off", async () => {
    expect(await change((text) => text.slice(0, 80))).toMatchInlineSnapshot(
      `"HostError [journal-damaged]: The journal <root>/var/lib/numalab/tuning.json is damaged: it is no JSON; needed are the values from before the changes, whole. Nothing was changed. Restart the host, which resets every setting, then remove the file."`,
    );
  });

  test("in which a value was altered", async () => {
    expect(await change((text) => text.replace('"60"', '"61"'))).toMatch(/journal-damaged.*does not fit its digest/);
  });

  test("that names a file which is no setting", async () => {
    expect(await change((text) => text.replace(swappiness, "etc/passwd"))).toMatch(/journal-damaged/);
    expect(await change((text) => text.replace(swappiness, "proc/sys/vm/../../../etc/passwd"))).toMatch(
      /journal-damaged/,
    );
    expect(await change((text) => text.replace(swappiness, "proc/sys/kernel/core_pattern"))).toMatch(
      /journal-damaged.*no file of a setting/,
    );
  });

  test("of a later schema", async () => {
    expect(await change((text) => text.replace("tuning/1", "tuning/2"))).toMatch(/journal-damaged.*tuning\/1/s);
  });

  test("of another host", async () => {
    const root = tunableRoot();
    await apply(root, { swappiness: 1 });
    writeFileSync(join(root, "etc/machine-id"), "fedcba9876543210fedcba9876543210\n");
    expect(await refusalOf(() => undo(root), root)).toMatchInlineSnapshot(
      `"HostError [journal-of-another-host]: The journal <root>/var/lib/numalab/tuning.json is of host 3491fe43d3e9288ce41853d7e17610fb; this is host 978b9a6f680e187dbc5efba1ba244219. Nothing was changed. Name a folder of this host's own, outside of homes that several hosts share."`,
    );
    expect(textAt(root, swappiness)).toBe("1");
  });

  test("that is not there", async () => {
    const root = tunableRoot();
    mkdirSync(journalIn(root), { recursive: true });
    expect(await refusalOf(() => undo(root), root)).toMatchInlineSnapshot(
      `"HostError [no-journal]: There is no journal <root>/var/lib/numalab/tuning.json: nothing that was applied with this folder is left to undo. Name the folder that was used when applying."`,
    );
  });
});
