import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findLibraries } from "../../sdk/launch/index.ts";

test("libraries are found in the active environment first, with the version that their file tells", async () => {
  const prefix = await mkdtemp(join(tmpdir(), "numalab-libraries-"));
  const lib = join(prefix, "lib");
  await mkdir(lib);
  await writeFile(join(lib, "libtcmalloc_minimal.so.4.5.10"), "");
  await symlink("libtcmalloc_minimal.so.4.5.10", join(lib, "libtcmalloc_minimal.so.4"));
  await writeFile(join(lib, "libjemalloc.so.2"), `\0\x7f5.3.0-0-g${"5".repeat(40)}\0`);
  await writeFile(join(lib, "libiomp5.so"), "");
  const found = await findLibraries({ VIRTUAL_ENV: prefix, CONDA_PREFIX: "/nowhere" });
  await rm(prefix, { recursive: true });
  expect(found).toEqual({
    tcmalloc: { path: join(lib, "libtcmalloc_minimal.so.4"), version: "4.5.10" },
    jemalloc: { path: join(lib, "libjemalloc.so.2"), version: "5.3.0" },
    intelOpenMp: { path: join(lib, "libiomp5.so"), version: null },
  });
});
