import { parseCpuList } from "../topology/index.ts";

/** Memory by node index, in pages of `pageBytes`. */
export type PagesByNode = Readonly<Record<string, number>>;

/** The page that counts are given in. */
export const pageBytes = 4096;

/** All pages of a process bound by numactl lie on the planned nodes; a few strays change no speed. */
export const localEnoughRatio = 0.99;

/** The pages of all nodes. */
export const pagesCountOf = (pagesByNode: PagesByNode): number =>
  Object.values(pagesByNode).reduce((sum, pages) => sum + pages, 0);

/** The pages of several pieces of memory together, node by node. */
export function pagesTogether(all: readonly PagesByNode[]): PagesByNode {
  const together: Record<string, number> = {};
  for (const [node, pages] of all.flatMap(Object.entries<number>)) together[node] = (together[node] ?? 0) + pages;
  return together;
}

/** The share of pages that lie on the nodes of a nodelist; null when no nodes were planned or no pages are known. */
export function localPagesRatioOf(pagesByNode: PagesByNode | null, memoryNodes: string | null): number | null {
  if (pagesByNode === null || memoryNodes === null) return null;
  const planned = new Set(parseCpuList(memoryNodes).map(String));
  const local = Object.fromEntries(Object.entries(pagesByNode).filter(([node]) => planned.has(node)));
  const total = pagesCountOf(pagesByNode);
  return total === 0 ? null : pagesCountOf(local) / total;
}
