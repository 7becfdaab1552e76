import type { Run } from "./run.ts";

type RecordedModel = NonNullable<Run["model"]>;

/** A text that is the same for runs of one model file: its digest, or in older records what they say of the file. */
export function modelKeyOf({ fileDigest, name, quant, fileBytes }: RecordedModel): string {
  return fileDigest ?? JSON.stringify([name, quant, fileBytes]);
}

/** The names told apart: the first of these forms that no other model of the same quantization has. */
function formsOf({ name, fileName, fileBytes, fileDigest }: RecordedModel): readonly string[] {
  const file = fileName ?? `${fileBytes} bytes`;
  return [name, `${name} (${file})`, `${name} (${file}, ${fileDigest ?? "unknown digest"})`];
}

/** The name of each model file among runs, by its key: followed by the file's name where two files are called the same. */
export function modelNamesOf(runs: readonly Run[]): ReadonlyMap<string, string> {
  const models = new Map(runs.flatMap(({ model }) => (model === null ? [] : [[modelKeyOf(model), model] as const])));
  const all = [...models.values()];
  const isOwn = (model: RecordedModel, at: number): boolean =>
    all.every((other) => other === model || other.quant !== model.quant || formsOf(other)[at] !== formsOf(model)[at]);
  return new Map(
    [...models].map(([key, model]) => {
      const forms = formsOf(model);
      return [key, forms.find((_, at) => isOwn(model, at)) ?? model.name];
    }),
  );
}
