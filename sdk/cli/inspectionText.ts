import type { Inspection, PartShare } from "../model/index.ts";
import { tableMarkdown } from "../report/index.ts";
import { formatQuantity } from "../units/index.ts";
import { modelText } from "./modelText.ts";

const bitsText = (bits: number) => formatQuantity(bits, "weightBits");

function typesTable({ types }: Inspection): string {
  return tableMarkdown(
    types.map(({ type, tensorsCount, bytes, bytesRatio, bitsPerWeight }) => ({
      type,
      tensors: tensorsCount,
      size: formatQuantity(bytes, "bytes"),
      share: formatQuantity(bytesRatio, "bytesRatio"),
      "per weight": bitsText(bitsPerWeight),
    })),
  );
}

function partText({ part, bytes, bytesRatio }: PartShare): string {
  return `${part} ${formatQuantity(bytes, "partBytes")} (${formatQuantity(bytesRatio, "bytesRatio")})`;
}

function cacheText({ kvBytesPerTokenByFormat }: Inspection): string {
  const known = Object.entries(kvBytesPerTokenByFormat).filter(([, bytes]) => bytes !== null);
  return known.map(([format, bytes]) => `${format} ${formatQuantity(bytes, "kvBytes")}`).join(", ");
}

function memoryText({ memory, slidingLayersCount, windowTokensCount }: Inspection): string {
  const { contextTokensCount, cacheFormat, totalBytes, weightsBytes, kvBytes, computeBytes, slidingKvBytes } = memory;
  const parts = `weights ${formatQuantity(weightsBytes, "weightsBytes")}, cache ${formatQuantity(kvBytes, "kvBytes")} in ${cacheFormat}, graph about ${formatQuantity(computeBytes, "computeBytes")}`;
  const whole = `memory at ${formatQuantity(contextTokensCount, "tokensCount")} tokens of context: ${formatQuantity(totalBytes, "totalBytes")} (${parts})`;
  if (slidingLayersCount === 0) return whole;
  const window = `${slidingLayersCount} layers look back ${formatQuantity(windowTokensCount, "tokensCount")} tokens`;
  return `${whole}\n${window}: the cache takes ${formatQuantity(slidingKvBytes, "kvBytes")} where they keep no more than that`;
}

/** All that is known of a model file, in words and one table. */
export function inspectionText(inspection: Inspection): string {
  return [
    modelText(inspection),
    "",
    typesTable(inspection),
    "",
    `parts: ${inspection.parts.map(partText).join(", ")}`,
    `cache for each token of context: ${cacheText(inspection)}`,
    memoryText(inspection),
    ...inspection.notes,
  ].join("\n");
}
