import { LaunchError } from "../errors.ts";
import type { ReadySign } from "../ready.ts";
import type { SuperviseOptions } from "../supervise.ts";
import type { FlagName } from "./flagRows.ts";
import type { Flags } from "./flags.ts";
import { badValueErrorOf, choiceOf, countOf, secondsOf } from "./values.ts";

/** How instances are watched over, as far as a command line says it. */
export type SupervisionSpec = Pick<SuperviseOptions, "ready" | "graceSeconds" | "restart" | "maximumRestartsCount">;

/**
 * How the flags ask for instances to be watched over.
 * @throws {LaunchError} `bad-flag`
 */
export function supervisionOf(flags: Flags): SupervisionSpec {
  const ready = readyOf(flags);
  const restart = choiceOf(flags, "restart", ["never", "on-failure", "always"]);
  const maximumRestartsCount = countOf(flags, "max-restarts");
  const graceSeconds = secondsOf(flags, "grace");
  if (restart === undefined && maximumRestartsCount !== undefined) throw aloneErrorOf("max-restarts", "restart");
  return {
    ...(ready === undefined ? {} : { ready }),
    ...(graceSeconds === undefined ? {} : { graceSeconds }),
    ...(restart === undefined ? {} : { restart }),
    ...(maximumRestartsCount === undefined ? {} : { maximumRestartsCount }),
  };
}

function readyOf(flags: Flags): ReadySign | undefined {
  const line = flags.values["ready-line"];
  const deadlineSeconds = secondsOf(flags, "ready-timeout");
  if (line === "") throw badValueErrorOf("ready-line", line, "some text of a line");
  if (line !== undefined) return { line, ...(deadlineSeconds === undefined ? {} : { deadlineSeconds }) };
  if (deadlineSeconds !== undefined) throw aloneErrorOf("ready-timeout", "ready-line");
  return undefined;
}

function aloneErrorOf(name: FlagName, needed: FlagName): LaunchError {
  const message = `--${name} was given without --${needed}, and says nothing alone. Add --${needed}, or leave it out.`;
  return new LaunchError("bad-flag", message, { facts: { flag: name, needed } });
}
