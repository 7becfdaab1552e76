import { expect, test } from "vitest";
import { parseMemoryPages, parseProgramFiles } from "../../sdk/launch/numaMaps.ts";

test("anonymous pages are counted by node, those of programs are not", () => {
  const text = `
5570cb297000 bind:2 file=/usr/bin/node mapped=900 mapmax=3 N0=900 kernelpagesize_kB=4
5570deefe000 bind:2 heap anon=40 dirty=40 active=0 N2=40 kernelpagesize_kB=4
7efcf73b3000 bind:2 anon=1000 dirty=1000 N2=990 N10=10 kernelpagesize_kB=4
7efcf742c000 bind:2
7ffd2b5c1000 bind:2 stack anon=5 dirty=5 N2=5 kernelpagesize_kB=4
`;
  expect(parseMemoryPages(text)).toEqual({ anonymousPagesByNode: { "2": 1035, "10": 10 }, filePagesByNode: {} });
});

test("large pages count as the pages of 4 KiB that they hold, and explicit huge pages are anonymous", () => {
  const text = `
fffc00000000 default anon=3 dirty=3 N0=3 kernelpagesize_kB=64
7f0000000000 default file=/anon_hugepage\\040(deleted) huge anon=2 dirty=2 N1=2 kernelpagesize_kB=2048
`;
  expect(parseMemoryPages(text)).toEqual({ anonymousPagesByNode: { "0": 48, "1": 1024 }, filePagesByNode: {} });
});

test("mapped files of 32 MiB or more are counted apart", () => {
  const text = `
7f0000000000 bind:2 file=/models/m.gguf mapped=128204 N0=120000 N2=8204 kernelpagesize_kB=4
7f1000000000 bind:2 file=/models/small.gguf mapped=8191 N0=8191 kernelpagesize_kB=4
7f2000000000 bind:2 file=/models/large\\040pages.gguf mapped=512 N2=512 kernelpagesize_kB=64
`;
  expect(parseMemoryPages(text)).toEqual({ anonymousPagesByNode: {}, filePagesByNode: { "0": 120000, "2": 16396 } });
});

test("a program and its libraries are no weights, however large", () => {
  const maps = `
00400000-02780000 r-xp 00000000 fe:00 3211 /usr/bin/node
7f1000000000-7f1020000000 r--p 00000000 fe:00 77 /opt/big library.so
7f1020000000-7f1030000000 r-xp 20000000 fe:00 77 /opt/big library.so
7f2000000000-7f2010000000 r--s 00000000 fe:00 9 /models/m.gguf
7ffd00000000-7ffd00001000 r-xp 00000000 00:00 0 [vdso]
`;
  expect(parseProgramFiles(maps)).toEqual(new Set(["/usr/bin/node", "/opt/big library.so"]));
  const text = `
00400000 bind:1 file=/usr/bin/node dirty=9088 N0=9088 kernelpagesize_kB=4
7f1000000000 bind:1 file=/opt/big\\040library.so mapped=9000 N0=9000 kernelpagesize_kB=4
7f2000000000 bind:1 file=/models/m.gguf mapped=9000 N1=9000 kernelpagesize_kB=4
`;
  expect(parseMemoryPages(text, parseProgramFiles(maps)).filePagesByNode).toEqual({ "1": 9000 });
});

test("a process without memory has no pages", () => {
  expect(parseMemoryPages("")).toEqual({ anonymousPagesByNode: {}, filePagesByNode: {} });
});
