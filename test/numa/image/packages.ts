import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

/** Packages that are downloaded and unpacked, and never installed. */
export interface Packages {
  /** The folder of a package of Debian, or of the part of it that is below a folder. */
  readonly debian: (name: string, part?: string) => string;
  /** The folder of a package of npm. */
  readonly npm: (name: string, version: string) => string;
}

/** The kernel that Debian's clouds start today. */
export function newestKernel(architecture: "amd64" | "arm64"): string {
  const depends = execFileSync("apt-cache", ["depends", "linux-image-cloud-amd64"], { encoding: "utf8" });
  const found = /^\s+Depends: (\S+)$/m.exec(depends)?.[1];
  if (found === undefined) throw new Error("apt knows no linux-image-cloud-amd64. Run npm run setup.");
  return found.replace("amd64", architecture);
}

function run(folder: string, program: string, args: readonly string[]): void {
  execFileSync(program, args, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
}

/** apt for another architecture than this machine's has its lists in a folder of its own, and changes nothing here. */
function aptOptions(folder: string, architecture: string): string[] {
  const asRoot = ["-qq", "-o", "APT::Sandbox::User=root"];
  if (architecture === "amd64") return asRoot;
  for (const each of ["lists/partial", "archives/partial"]) mkdirSync(join(folder, each), { recursive: true });
  const settings = [`Dir::State=${folder}`, `Dir::Cache=${folder}`, "Dir::State::status=/dev/null"];
  const architectures = [`APT::Architecture=${architecture}`, `APT::Architectures=${architecture}`];
  const options = [...asRoot, ...[...settings, ...architectures].flatMap((setting) => ["-o", setting])];
  run(folder, "apt-get", [...options, "update"]);
  return options;
}

/** Opens the packages of an architecture. What was unpacked stays in the folder, and is not asked for again. */
export function openPackages(folder: string, architecture: "amd64" | "arm64"): Packages {
  let options: string[] | null = null;
  const provide = (name: string, unpack: (draft: string) => void): string => {
    const unpacked = join(folder, name);
    if (existsSync(unpacked)) return unpacked;
    const draft = join(folder, ".draft");
    rmSync(draft, { recursive: true, force: true });
    mkdirSync(draft, { recursive: true });
    unpack(draft);
    renameSync(draft, unpacked);
    return unpacked;
  };
  return {
    debian: (name, part = ".") =>
      provide(name, (draft) => {
        options ??= aptOptions(join(folder, ".apt"), architecture);
        run(draft, "apt-get", [...options, "download", name]);
        const archive = readdirSync(draft)[0] ?? "";
        run(draft, "sh", ["-c", 'dpkg-deb --fsys-tarfile "$0" | tar -x "$1"', archive, part]);
        rmSync(join(draft, archive));
      }),
    npm: (name, version) =>
      provide(`${name.replaceAll("/", "-")}-${version}`, (draft) => {
        run(draft, "npm", ["pack", "--silent", `${name}@${version}`]);
        const archive = readdirSync(draft)[0] ?? "";
        run(draft, "tar", ["-xzf", archive, "--strip-components=1"]);
        rmSync(join(draft, archive));
      }),
  };
}
