// Bundles danfojs-node, its faults mended and its heavy libraries replaced by what it uses of them, into
// <folder>/danfojs.cjs. The same sources give the same bytes.
import { appendFileSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { mendedFiles, mendedText } from "./mend.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = resolve(here, "../../..");
const stub = (name) => resolve(here, "../stubs", name, "index.cjs");

const replacements = {
  "@tensorflow/tfjs-node": stub("tfjs-node"),
  mathjs: stub("mathjs"),
  "node-fetch": stub("node-fetch"),
  request: stub("request"),
  xlsx: stub("xlsx"),
  "numalab:values": join(here, "values.cjs"),
};

const anyOf = (names) => new RegExp(`^(?:${names.join("|")})$`);

const mending = {
  name: "mending",
  setup({ onLoad, onResolve, onEnd }) {
    const waiting = new Set(mendedFiles);
    onResolve({ filter: anyOf(Object.keys(replacements)) }, ({ path }) => ({ path: replacements[path] }));
    // danfojs refuses to plot in Node, so what plots in a browser is left out.
    onResolve({ filter: anyOf(["plotly.js-dist-min"]) }, ({ path }) => ({ path, namespace: "absent" }));
    onLoad({ filter: /.*/, namespace: "absent" }, () => ({ contents: "" }));
    onLoad({ filter: /\/danfojs-base\/.*\.js$/ }, ({ path }) => {
      waiting.delete(path.split("/danfojs-base/").at(-1));
      return { contents: mendedText(path, readFileSync(path, "utf8")), loader: "js" };
    });
    onEnd(() => {
      if (waiting.size === 0) return;
      throw new Error(`danfojs-node has no file ${[...waiting].join(", ")}. Is it another version than 1.2.0?`);
    });
  },
};

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("Name the folder to write danfojs.cjs to, such as dist/sdk/frame.");

const bundle = resolve(folder, "danfojs.cjs");

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: [join(here, "entry.cjs")],
  outfile: bundle,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  keepNames: true,
  minifySyntax: true,
  minifyWhitespace: true,
  // An uncaught error prints the line it came from.
  lineLimit: 160,
  legalComments: "external",
  logLevel: "warning",
  metafile: true,
  plugins: [mending],
});

/** The licences of all packages in the bundle, as they ask for. */
function licencesOf(inputs) {
  const packages = new Set(inputs.map((path) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]).filter(Boolean));
  return [...packages].sort().map((path) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, path, "package.json"), "utf8"));
    const file = readdirSync(join(root, path)).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file === undefined ? "" : `\n${readFileSync(join(root, path, file), "utf8").trim()}\n`;
    return `\n--- ${name} ${version}, ${license}\n${text}`;
  });
}

appendFileSync(`${bundle}.LEGAL.txt`, licencesOf(Object.keys(metafile.inputs)).join(""));
