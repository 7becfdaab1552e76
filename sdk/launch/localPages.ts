import { parseCpuList } from "../topology/index.ts";

/** The share of pages that lie on the nodes of a nodelist; null when no nodes were planned or no pages are known. */
export function localPagesRatioOf(
  pagesByNode: Readonly<Record<string, number>> | null,
  memoryNodes: string | null,
): number | null {
  if (pagesByNode === null || memoryNodes === null) return null;
  const planned = new Set(parseCpuList(memoryNodes).map(String));
  const sumOf = (counts: readonly (readonly [string, number])[]): number => counts.reduce((sum, [, n]) => sum + n, 0);
  const all = Object.entries(pagesByNode);
  const total = sumOf(all);
  return total === 0 ? null : sumOf(all.filter(([node]) => planned.has(node))) / total;
}
