import { type ChildProcess, spawn } from "node:child_process";
import type { Writable } from "node:stream";

/** Remembers sessions by who leads them, and kills those that it still knows when its input closes, by no other program. */
const script = `
trap '' HUP INT TERM
leaders=' '
while read -r sign leader; do
  case $sign in
    +) leaders="$leaders$leader " ;;
    -) leaders="\${leaders%% $leader *} \${leaders#* $leader }" ;;
  esac
done
for leader in $leaders; do kill -KILL "-$leader"; done
for file in /proc/[0-9]*/stat; do
  read -r stat <"$file" || continue
  set -- \${stat##*) }
  case $leaders in *" $4 "*) kill -KILL "-$3" ;; esac
done`;

const guarded = new Set<number>();
let guardian: ChildProcess | null = null;

/**
 * Has a session killed when this process ends, by whatever death: a shell in a session of its own waits for the pipe
 * from here to close, and it is one for all sessions. Returns what ends that.
 */
export function guard(leaderId: number): () => void {
  guarded.add(leaderId);
  if (guardian === null) startGuardian();
  else tell("+", leaderId);
  return () => {
    guarded.delete(leaderId);
    tell("-", leaderId);
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
  child.once("error", forget).once("exit", (_, signal) => {
    forget();
    if (signal !== null && guarded.size > 0) startGuardian();
  });
  child.stdin.on("error", () => undefined);
  child.unref();
  (child.stdin as Writable & Pick<ChildProcess, "unref">).unref();
  for (const leaderId of guarded) tell("+", leaderId);
}

function tell(sign: "+" | "-", leaderId: number): void {
  guardian?.stdin?.write(`${sign} ${leaderId}\n`);
}
