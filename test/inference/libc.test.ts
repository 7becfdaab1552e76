import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { assertRuntime, readHostVersions, readNeededVersions } from "../../sdk/inference/libc.ts";

test("the newest symbol version among the engine's libraries is what they need", () => {
  const folder = mkdtempSync(join(tmpdir(), "numalab-libc-"));
  writeFileSync(join(folder, "libllama.v1.so"), "\0GLIBC_2.2.5\0GLIBC_2.34\0GLIBCXX_3.4.9\0");
  writeFileSync(join(folder, "libggml-base.so"), "\0GLIBC_2.4\0GLIBCXX_3.4.29\0");
  writeFileSync(join(folder, "unrelated.so"), "\0GLIBC_9.99\0");
  expect(readNeededVersions(folder)).toEqual({ glibc: "2.34", libstdcxx: "3.4.29" });
});

test("the host's own versions are read from the libraries this process has mapped", () => {
  expect(readHostVersions().glibc).toMatch(/^2\.\d+$/);
});

test("an older host is refused with both versions and a way out", () => {
  const check = () => {
    assertRuntime({ glibc: "2.34", libstdcxx: "3.4.29" }, { glibc: "2.9", libstdcxx: "3.4.30" });
  };
  expect(check).toThrow(
    expect.objectContaining({ code: "libc-too-old", facts: { runtime: "glibc", needed: "2.34", found: "2.9" } }),
  );
  expect(check).toThrow(/glibc 2\.9.*need glibc 2\.34.*Debian 12/);
});

test("a host without glibc is refused, one without a mapped C++ runtime is not", () => {
  const needed = { glibc: "2.34", libstdcxx: "3.4.29" };
  expect(() => {
    assertRuntime(needed, { glibc: null, libstdcxx: null });
  }).toThrow(/no glibc/);
  expect(() => {
    assertRuntime(needed, { glibc: "2.36", libstdcxx: null });
  }).not.toThrow();
});
