import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as TypeScript from "typescript";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const require = createRequire(import.meta.url);

/** Node's standard output after running this as a module beside the package. */
const outputOf = (code: string) =>
  execFileSync(process.execPath, ["--input-type=module", "-e", code], { cwd: root, encoding: "utf8" });

test("numalab/frame loads well within 150 ms", () => {
  const measure =
    'const before = performance.now(); await import("numalab/frame"); console.log(performance.now() - before);';
  const milliseconds = [1, 2, 3, 4, 5].map(() => Number(outputOf(measure)));
  expect(Math.min(...milliseconds)).toBeLessThan(150);
});

test("the root of the package does not load danfojs", () => {
  const code =
    'import "numalab"; import Module from "node:module"; console.log(Object.keys(Module._cache).filter((path) => path.endsWith("danfojs.cjs")).length);';
  expect(outputOf(code)).toBe("0\n");
});

test("numalab/frame can be required, as tslab does", () => {
  const code =
    'import { createRequire } from "node:module"; console.log(typeof createRequire(process.cwd() + "/x.js")("numalab/frame").DataFrame);';
  expect(outputOf(code)).toBe("function\n");
});

const consumer = `
import { DataFrame, Series, concat, merge, toSweepRows, type SweepRow } from "numalab/frame";
const frame: DataFrame = new DataFrame({ a: [1, 2], b: ["x", null] });
const column: Series = frame["a"];
const sum: number = column.add(1).mul(frame.column("a")).sum();
const none: undefined = frame.fillNa(0, { inplace: true });
const sorted: DataFrame = frame.fillNa(0).sortValues("a", { ascending: false }).query(column.gt(1));
const both: DataFrame = concat({ dfList: [frame, sorted], axis: 0 });
const joined: DataFrame = merge({ left: frame, right: both, on: ["a"], how: "left" }).groupby(["a"]).agg({ b: ["count"] });
const text: string = joined.toCSV();
const rows: SweepRow[] = toSweepRows([]);
// @ts-expect-error
const wrong: string = frame.shape;
`;

function inConsumer<Result>(act: (folder: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), "consumer-"));
  try {
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(root, join(folder, "node_modules", "numalab"), "dir");
    writeFileSync(join(folder, "cell.ts"), consumer);
    return act(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("TypeScript 5.0 with the old resolution knows the types, without danfojs-node's", () => {
  const ts = require("@tslab/typescript-for-tslab") as typeof TypeScript;
  expect(ts.version).toBe("5.0.4");
  const json = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    target: "es2022",
    module: "commonjs",
    moduleResolution: "node",
  };
  inConsumer((folder) => {
    const { options } = ts.convertCompilerOptionsFromJson(json, folder);
    const program = ts.createProgram([join(folder, "cell.ts")], options);
    const messages = ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
    expect(messages).toEqual([]);
    expect(
      program.getSourceFiles().filter(({ fileName }) => /danfojs-node|(?<!dist\/)sdk\/frame/.test(fileName)),
    ).toEqual([]);
  });
});
