import { type ChildProcess, spawn } from "node:child_process";
import type { Writable } from "node:stream";

/** Remembers process groups, and kills those that it still knows when its input closes. It uses no other program. */
const script = `
trap '' HUP INT TERM
groups=' '
while read -r sign group; do
  case $sign in
    +) groups="$groups$group " ;;
    -) groups="\${groups%% $group *} \${groups#* $group }" ;;
  esac
done
for group in $groups; do kill -KILL "-$group"; done`;

const guarded = new Set<number>();
let guardian: ChildProcess | null = null;

/**
 * Has a process group killed when this process ends, by whatever death: a shell in a session of its own waits for the pipe
 * from here to close, and it is one for all groups. Returns what ends that.
 */
export function guard(groupId: number): () => void {
  guarded.add(groupId);
  if (guardian === null) startGuardian();
  else tell("+", groupId);
  return () => {
    guarded.delete(groupId);
    tell("-", groupId);
  };
}

function startGuardian(): void {
  const child = spawn("/bin/sh", ["-c", script, "numalab-guardian"], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
    cwd: "/",
    env: {},
  });
  guardian = child;
  const forget = (): void => {
    guardian = null;
  };
  child.once("exit", forget).once("error", forget);
  child.stdin.on("error", () => undefined);
  child.unref();
  (child.stdin as Writable & Pick<ChildProcess, "unref">).unref();
  for (const groupId of guarded) tell("+", groupId);
}

function tell(sign: "+" | "-", groupId: number): void {
  guardian?.stdin?.write(`${sign} ${groupId}\n`);
}
