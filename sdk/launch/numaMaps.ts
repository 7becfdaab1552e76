/** The page that counts are given in. */
const pageKilobytes = 4;

/**
 * Anonymous memory by node index, in pages of 4 KiB, from the text of /proc/PID/numa_maps. Pages of files are left out,
 * because they lie where whoever read them first put them; explicit huge pages are anonymous though they name a file.
 * @see https://man7.org/linux/man-pages/man5/numa_maps.5.html
 */
export function parseAnonymousPages(numaMaps: string): Record<string, number> {
  const pagesByNode: Record<string, number> = {};
  for (const line of numaMaps.split("\n")) {
    if (/ file=(?!\/anon_hugepage)/.test(line)) continue;
    const kilobytes = Number(/ kernelpagesize_kB=(\d+)/.exec(line)?.[1] ?? pageKilobytes);
    for (const [, node = "", pages] of line.matchAll(/ N(\d+)=(\d+)/g)) {
      pagesByNode[node] = (pagesByNode[node] ?? 0) + (Number(pages) * kilobytes) / pageKilobytes;
    }
  }
  return pagesByNode;
}
