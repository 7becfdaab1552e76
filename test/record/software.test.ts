import { expect, test } from "vitest";
import { readSoftware } from "../../sdk/record/index.ts";

test("the software of a run is named, and its builds are digested", async () => {
  const software = await readSoftware();
  expect(software).toEqual(await readSoftware());
  expect(software).toMatchObject({
    numalab: expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
    node: process.versions.node,
  });
  expect(software.engineDigest).toMatch(/^[0-9a-f]{16}$/);
  expect(software.lockfileDigest).toMatch(/^[0-9a-f]{16}$/);
});
