import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..");
const layers = Object.keys(JSON.parse(readFileSync(join(root, "sdk/layers.json"), "utf8")) as Record<string, string>);

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (["node_modules", "build", "stubs"].includes(name)) return [];
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}

const sourcesOf = (folder: string) =>
  filesBelow(join(root, folder)).filter((path) => path.endsWith(".ts") && !path.endsWith(".as.ts"));
const sources = sourcesOf("sdk");
const layerOf = (path: string) => relative(join(root, "sdk"), path).split("/")[0]!;

/** The files of this project that a file imports, by their whole paths. */
function importsOf(path: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(path, "utf8"), true, true);
  const names = importedFiles.map((file) => file.fileName).filter((name) => name.startsWith("."));
  return names.map((name) => resolve(dirname(path), name));
}

function violationsOf(path: string): string[] {
  const from = layerOf(path);
  return importsOf(path)
    .filter((target) => !(from === "cli" && target.startsWith(join(root, "kernels"))))
    .flatMap((target) => {
      const to = layerOf(target);
      const shown = `${relative(root, path)} imports ${relative(root, target)}`;
      if (to === from || to === "errors.ts" || from === "index.ts") return [];
      if (!layers.includes(to)) return [`${shown}: not a layer`];
      if (layers.indexOf(to) > layers.indexOf(from)) return [`${shown}: against the order of layers.json`];
      return target.endsWith(`/${to}/index.ts`) ? [] : [`${shown}: not through its index.ts`];
    });
}

test("the folders of sdk/ are exactly the layers", () => {
  const folders = readdirSync(join(root, "sdk"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map((entry) => entry.name).sort()).toEqual([...layers].sort());
});

test("a layer imports only layers above it, and only through their index.ts", () => {
  expect(sources.length).toBeGreaterThan(10);
  expect(sources.flatMap(violationsOf)).toEqual([]);
});

describe("the kernel", () => {
  const kernel = join(root, "kernels/typescript");
  const ringOf = (path: string) => relative(kernel, path).split("/")[0]!;
  const files = sourcesOf("kernels");

  test("its protocol knows no session, and its session no protocol", () => {
    const other: Record<string, string> = { protocol: "session", session: "protocol" };
    const crossing = files.filter((path) => importsOf(path).some((target) => ringOf(target) === other[ringOf(path)]));
    expect(files.length).toBeGreaterThan(10);
    expect(crossing).toEqual([]);
  });

  test("it imports a layer of the SDK only through its index.ts", () => {
    const targets = files.flatMap(importsOf).filter((target) => target.startsWith(join(root, "sdk")));
    const deep = targets.filter((target) => !target.endsWith("/index.ts") && !target.endsWith("sdk/errors.ts"));
    expect(deep.map((target) => relative(root, target))).toEqual([]);
  });
});

test("every layer has an index.ts that only re-exports", () => {
  for (const layer of layers.filter((name) => name !== "cli")) {
    const text = readFileSync(join(root, "sdk", layer, "index.ts"), "utf8");
    const file = ts.createSourceFile("index.ts", text, ts.ScriptTarget.Latest);
    expect(
      file.statements.filter((statement) => !ts.isExportDeclaration(statement)),
      layer,
    ).toEqual([]);
  }
});

test("package.json exports every layer but the command line, from source and from dist", () => {
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    exports: Record<string, unknown>;
  };
  const expected = layers.filter((name) => name !== "cli").map((name) => `./${name}`);
  expect(Object.keys(exports).filter((name) => name !== "." && name !== "./package.json")).toEqual(expected);
});

test("a test of one file lies on the path of that file", () => {
  const tests = filesBelow(join(root, "test")).filter((path) => path.endsWith(".test.ts"));
  const perLayer = tests.filter((path) => layers.includes(relative(join(root, "test"), path).split("/")[0]!));
  expect(perLayer.length).toBeGreaterThan(10);
  const orphans = perLayer.filter((path) => {
    const stem = relative(join(root, "test"), path).replace(/(\.(engine|machines))?\.test\.ts$/, "");
    return (
      !existsSync(join(root, "sdk", `${stem}.ts`)) &&
      !existsSync(join(root, "sdk", stem)) &&
      !existsSync(join(root, "sdk", `${stem}.as.ts`))
    );
  });
  expect(orphans.map((path) => relative(root, path))).toEqual([]);
});

test("there is one TypeScript, and it is 6.0", () => {
  expect(ts.versionMajorMinor).toBe("6.0");
});
