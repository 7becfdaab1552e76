/** The page that counts are given in. */
const pageKilobytes = 4;

/** What is mapped of a program and its libraries stays below this; weights are beyond it. */
const largeMappingPages = (32 * 1024) / pageKilobytes;

/** Memory by node index, in pages of 4 KiB. */
export interface MemoryPages {
  /** The process's own memory, explicit huge pages included though they name a file. */
  readonly anonymousPagesByNode: Readonly<Record<string, number>>;
  /** What is in memory of mapped files, of 32 MiB or more each: it lies where whoever read it first put it. */
  readonly filePagesByNode: Readonly<Record<string, number>>;
}

/** The pages of one mapping, by node. */
function pagesOf(line: string): (readonly [node: string, pages: number])[] {
  const kilobytes = Number(/ kernelpagesize_kB=(\d+)/.exec(line)?.[1] ?? pageKilobytes);
  return [...line.matchAll(/ N(\d+)=(\d+)/g)].map(([, node = "", pages]) => [
    node,
    (Number(pages) * kilobytes) / pageKilobytes,
  ]);
}

/**
 * Where the memory of a process lies, from the text of /proc/PID/numa_maps.
 * @see https://man7.org/linux/man-pages/man5/numa_maps.5.html
 */
export function parseMemoryPages(numaMaps: string): MemoryPages {
  const anonymousPagesByNode: Record<string, number> = {};
  const filePagesByNode: Record<string, number> = {};
  for (const line of numaMaps.split("\n")) {
    const pages = pagesOf(line);
    const isFile = / file=(?!\/anon_hugepage)/.test(line);
    if (isFile && pages.reduce((sum, [, count]) => sum + count, 0) < largeMappingPages) continue;
    const byNode = isFile ? filePagesByNode : anonymousPagesByNode;
    for (const [node, count] of pages) byNode[node] = (byNode[node] ?? 0) + count;
  }
  return { anonymousPagesByNode, filePagesByNode };
}
