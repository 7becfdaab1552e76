import { ModelError } from "./errors.ts";
import { type GgufEntry, type GgufScalar, type GgufType, ggufTypes } from "./gguf.ts";
import { fits, narrow } from "./scalar.ts";

type ItemType = Exclude<GgufType, "array">;

const itemTypes = ggufTypes.filter((type): type is ItemType => type !== "array");
const realTypes: readonly string[] = ["float32", "float64"];

function parseScalar(type: ItemType, text: string): GgufScalar | null {
  if (type === "string") return text;
  if (type === "bool") return text === "true" ? true : text === "false" ? false : null;
  if (realTypes.includes(type)) return text.trim() === "" || Number.isNaN(Number(text)) ? null : Number(text);
  return /^-?\d+$/.test(text) ? narrow(BigInt(text)) : null;
}

function badEntry(text: string): ModelError {
  const found = `"${text}" is not like key=type:value, with a value of that type`;
  const message = `${found}. Types are ${itemTypes.join(", ")}, each also with [] for a list.`;
  return new ModelError("bad-spec", message, { facts: { text } });
}

function splitTexts(written: string, isList: boolean): readonly string[] {
  if (!isList) return [written];
  return written === "" ? [] : written.split(",");
}

/**
 * The entry that a text such as `llama.rope.freq_base=float32:500000` or `tags=string[]:small,fast` stands for.
 * @throws {ModelError} `bad-spec`
 */
export function parseEntry(text: string): GgufEntry {
  const [, key, typeName, list, written] = /^([^=]+)=([a-z0-9]+)(\[\])?:(.*)$/s.exec(text) ?? [];
  const type = itemTypes.find((known) => known === typeName);
  if (type === undefined || key === undefined || written === undefined) throw badEntry(text);
  const items = splitTexts(written, list !== undefined).map((item) => parseScalar(type, item));
  if (!items.every((item): item is GgufScalar => fits(type, item))) throw badEntry(text);
  const [value = ""] = items;
  return list === undefined ? { key, type, value } : { key, type, items };
}
