/** The page that counts are given in. */
const pageKilobytes = 4;

/** What is mapped of other files than weights stays below this. */
const largeMappingPages = (32 * 1024) / pageKilobytes;

/** Memory by node index, in pages of 4 KiB. */
export interface MemoryPages {
  /** The process's own memory, explicit huge pages included though they name a file. */
  readonly anonymousPagesByNode: Readonly<Record<string, number>>;
  /** What is in memory of large mapped files, programs and libraries left out: it lies where whoever read it first put it. */
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

/** The files whose code a process runs: programs and libraries, from the text of /proc/PID/maps. */
export function parseProgramFiles(maps: string): ReadonlySet<string> {
  const lines = maps.matchAll(/^\S+ ..x. \S+ \S+ \d+ +(\/.*)$/gm);
  return new Set([...lines].map(([, path = ""]) => path));
}

/** The file of a mapping; null for anonymous memory, explicit huge pages included though they name one. */
function fileOf(line: string): string | null {
  const escaped = / file=(?!\/anon_hugepage)(\S+)/.exec(line)?.[1];
  return escaped?.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8))) ?? null;
}

/**
 * Where the memory of a process lies, from the text of /proc/PID/numa_maps.
 * @see https://man7.org/linux/man-pages/man5/numa_maps.5.html
 */
export function parseMemoryPages(numaMaps: string, programFiles: ReadonlySet<string> = new Set()): MemoryPages {
  const anonymousPagesByNode: Record<string, number> = {};
  const filePagesByNode: Record<string, number> = {};
  for (const line of numaMaps.split("\n")) {
    const pages = pagesOf(line);
    const file = fileOf(line);
    const isSmall = pages.reduce((sum, [, count]) => sum + count, 0) < largeMappingPages;
    if (file !== null && (isSmall || programFiles.has(file))) continue;
    const byNode = file === null ? anonymousPagesByNode : filePagesByNode;
    for (const [node, count] of pages) byNode[node] = (byNode[node] ?? 0) + count;
  }
  return { anonymousPagesByNode, filePagesByNode };
}
