import { parseCpuList } from "../../topology/index.ts";
import { LaunchError } from "../errors.ts";
import type { FlagName } from "./flagRows.ts";
import type { Flags } from "./flags.ts";

/**
 * The whole number that a flag was given; undefined where it was not given.
 * @throws {LaunchError} `bad-flag`
 */
export function numberOf({ values }: Flags, name: FlagName): number | undefined {
  const text = values[name];
  if (text === undefined || /^-?\d+$/.test(text.trim())) return text === undefined ? undefined : Number(text);
  throw badValueErrorOf(name, text, "a whole number");
}

/**
 * The count that a flag was given; undefined where it was not given.
 * @throws {LaunchError} `bad-flag`
 */
export function countOf(flags: Flags, name: FlagName): number | undefined {
  const count = numberOf(flags, name);
  if (count === undefined || count >= 0) return count;
  throw badValueErrorOf(name, String(count), "a whole number from 0 up");
}

/**
 * The time that a flag was given, in seconds; undefined where it was not given.
 * @throws {LaunchError} `bad-flag`
 */
export function secondsOf({ values }: Flags, name: FlagName): number | undefined {
  const text = values[name];
  if (text === undefined || /^\d*\.?\d+$/.test(text.trim())) return text === undefined ? undefined : Number(text);
  throw badValueErrorOf(name, text, "a number of seconds");
}

/**
 * Which of the choices a flag was given; undefined where it was not given.
 * @throws {LaunchError} `bad-flag`
 */
export function choiceOf<Choice extends string>(
  { values }: Flags,
  name: FlagName,
  choices: readonly Choice[],
): Choice | undefined {
  const text = values[name];
  const choice = choices.find((candidate) => candidate === text);
  if (choice !== undefined || text === undefined) return choice;
  throw badValueErrorOf(name, text, `one of ${choices.join(", ")}`);
}

/** The instances to be started, by the index given; undefined where none was, or where -1 stands for all. */
export function indexesOf({ values }: Flags): readonly number[] | undefined {
  const text = (values["instance-idx"] ?? values.rank ?? "").trim();
  return text === "" || text === "-1" ? undefined : parseCpuList(text);
}

/** An error for two flags that contradict each other. */
export function clashErrorOf(name: FlagName, other: FlagName): LaunchError {
  const message = `--${name} and --${other} were given, and only one of them can hold. Leave one out.`;
  return new LaunchError("bad-flag", message, { facts: { flag: name, other } });
}

/** An error for a value that a flag cannot have. */
export function badValueErrorOf(name: FlagName, text: string, needed: string): LaunchError {
  const message = `--${name} was given "${text}", and ${needed} is needed. Write it like that.`;
  return new LaunchError("bad-flag", message, { facts: { flag: name, value: text } });
}
