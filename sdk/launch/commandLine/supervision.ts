import { LaunchError } from "../errors.ts";
import type { SuperviseOptions } from "../supervise.ts";
import type { FlagName } from "./flagRows.ts";
import type { Flags } from "./flags.ts";
import { choiceOf, numberOf, secondsOf } from "./values.ts";

/** How instances are watched over, as far as a command line says it. */
export type SupervisionSpec = Pick<SuperviseOptions, "ready" | "graceSeconds" | "restart" | "maximumRestartsCount">;

/**
 * How the flags ask for instances to be watched over.
 * @throws {LaunchError} `bad-flag`
 */
export function supervisionOf(flags: Flags): SupervisionSpec {
  const { values } = flags;
  const line = values["ready-line"];
  const deadlineSeconds = secondsOf(flags, "ready-timeout");
  const restart = choiceOf(flags, "restart", ["never", "on-failure", "always"]);
  const maximumRestartsCount = numberOf(flags, "max-restarts");
  const graceSeconds = secondsOf(flags, "grace");
  if (line === undefined && deadlineSeconds !== undefined) throw aloneErrorOf("ready-timeout", "ready-line");
  if (restart === undefined && maximumRestartsCount !== undefined) throw aloneErrorOf("max-restarts", "restart");
  return {
    ...(line === undefined ? {} : { ready: { line, ...(deadlineSeconds === undefined ? {} : { deadlineSeconds }) } }),
    ...(graceSeconds === undefined ? {} : { graceSeconds }),
    ...(restart === undefined ? {} : { restart }),
    ...(maximumRestartsCount === undefined ? {} : { maximumRestartsCount }),
  };
}

function aloneErrorOf(name: FlagName, needed: FlagName): LaunchError {
  const message = `--${name} was given without --${needed}, and says nothing alone. Add --${needed}, or leave it out.`;
  return new LaunchError("bad-flag", message, { facts: { flag: name, needed } });
}
