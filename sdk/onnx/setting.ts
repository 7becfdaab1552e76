import type { Attribute, OnnxNode } from "./graph.ts";

/** The whole numbers of a node's setting, or what the operator takes without it. */
export function settingOf({ attributes }: OnnxNode, name: string, otherwise: readonly number[]): readonly number[] {
  const attribute: Attribute | undefined = attributes[name];
  if (attribute === undefined) return otherwise;
  if ("ints" in attribute) return attribute.ints;
  return "int" in attribute ? [attribute.int] : otherwise;
}
