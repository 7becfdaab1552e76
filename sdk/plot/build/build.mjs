// Makes the one copy of plotly.js that figures and pages carry: minified, then compressed as a zlib stream, which has
// no time stamp, so the same input gives the same bytes. The licence goes inside the code and beside it.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { transformSync } from "esbuild";

const folder = process.argv[2];
if (folder === undefined) throw new Error("no folder given; usage: node build.mjs <dist/sdk/plot>");

const source = createRequire(import.meta.url).resolve("plotly.js-dist");
const { version } = JSON.parse(readFileSync(join(source, "../package.json"), "utf8"));
const license = readFileSync(join(source, "../LICENSE"), "utf8").trim();
const { code } = transformSync(readFileSync(source, "utf8"), { minify: true, target: "es2020", legalComments: "eof" });

writeFileSync(
  join(folder, "plotly.js.deflate"),
  deflateSync(`/*! plotly.js ${version}\n\n${license}\n*/\n${code}`, { level: 9 }),
);
writeFileSync(join(folder, "plotly.LICENSE"), `${license}\n`);
