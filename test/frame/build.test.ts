import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const { mendedText } = (await import(join(root, "sdk/frame/build/mend.mjs"))) as {
  mendedText: (path: string, text: string) => string;
};

function digestsOfBuild(): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), "frame-"));
  try {
    execFileSync(process.execPath, [join(root, "sdk/frame/build/build.mjs"), folder]);
    const digestOf = (name: string) =>
      createHash("sha256")
        .update(readFileSync(join(folder, name)))
        .digest("hex");
    return Object.fromEntries(readdirSync(folder).map((name) => [name, digestOf(name)]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("building twice gives the same bytes", () => {
  const first = digestsOfBuild();
  expect(Object.keys(first).sort()).toEqual(["danfojs.cjs", "danfojs.cjs.LEGAL.txt"]);
  expect(digestsOfBuild()).toEqual(first);
});

test("the build fails when danfojs is not the version that the mends were written for", () => {
  expect(() => mendedText("/x/danfojs-base/core/math.ops.js", "var other = 1;")).toThrow(
    /found 0 of the 1 places to mend \("null \+ 1 was 1"\)/,
  );
});
