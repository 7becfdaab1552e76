import type { Run } from "../record/index.ts";

type Named = Pick<NonNullable<Run["model"]>, "name" | "quant">;

const cutPattern = /, (\d+ of \d+ layers)/;

/** `4 of 24 layers` where a model was cut to its first layers, as its name says; else null. */
export function cutOf({ name }: Pick<Named, "name">): string | null {
  return cutPattern.exec(name)?.[1] ?? null;
}

/** A model's name with its quantization, and to what it was cut; that its weights are synthetic is said elsewhere. */
export function labelOfModel({ name, quant }: Named): string {
  const plain = name.replace(" (synthetic)", "").replace(cutPattern, "");
  const full = quant === null || plain.toLowerCase().includes(quant.toLowerCase()) ? plain : `${plain} ${quant}`;
  const cut = cutOf({ name });
  return cut === null ? full : `${full} (cut to ${cut})`;
}
