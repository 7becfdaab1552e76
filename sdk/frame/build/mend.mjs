import { columns } from "./mends/columns.mjs";
import { compute } from "./mends/compute.mjs";
import { files } from "./mends/files.mjs";
import { reshape } from "./mends/reshape.mjs";
import { select } from "./mends/select.mjs";

const mends = [...columns, ...compute, ...files, ...reshape, ...select];

function applyMend(text, { file, why, from, to, times = 1 }) {
  const parts = text.split(from);
  if (parts.length === times + 1) return parts.join(to);
  throw new Error(
    `danfojs ${file}: found ${parts.length - 1} of the ${times} places to mend ("${why}"). Is danfojs-node another version than 1.2.0?`,
  );
}

/** The mended text of one of danfojs's source files; throws when the text is not the one that the mends were written for. */
export function mendedText(path, text) {
  const own = mends.filter(({ file }) => path.endsWith(`/danfojs-base/${file}`));
  if (own.length === 0) return text;
  const mended = own.reduce(applyMend, text);
  return mended.includes("mended.") ? `var mended = require("numalab:values");\n${mended}` : mended;
}

/** Every file that has a mend, each once. */
export const mendedFiles = [...new Set(mends.map(({ file }) => file))];
