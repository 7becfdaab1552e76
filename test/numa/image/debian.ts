import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

/** The package that a package of Debian stands for: the newest kernel, under a name of its own. */
export function dependencyOf(name: string): string {
  const depends = execFileSync("apt-cache", ["depends", name], { encoding: "utf8" });
  const found = /^\s+Depends: (\S+)$/m.exec(depends)?.[1];
  if (found === undefined) throw new Error(`apt knows no package ${name}. Run npm run setup.`);
  return found;
}

/** Downloads a package of Debian and unpacks it below the cache, unless it lies there; its folder. It is not installed. */
export function unpackedPackage(name: string, cache: string): string {
  const folder = join(cache, name);
  if (existsSync(folder)) return folder;
  const draft = join(cache, `.${name}`);
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  execFileSync("apt-get", ["-qq", "-o", "APT::Sandbox::User=root", "download", name], {
    cwd: draft,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [archive = ""] = readdirSync(draft);
  execFileSync("dpkg-deb", ["-x", join(draft, archive), draft]);
  rmSync(join(draft, archive));
  renameSync(draft, folder);
  return folder;
}
