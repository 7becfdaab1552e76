import { parseArgs } from "node:util";
import type { Warning } from "../../errors.ts";
import { LaunchError } from "../errors.ts";
import { type FlagName, flagRows, type Vocabulary } from "./flagRows.ts";

/** Command-line words, read: what was set, whose words they were, and the program with its own words. */
export interface Flags {
  readonly values: Readonly<Partial<Record<FlagName, string>>>;
  /** Flags without a value that were given. */
  readonly marks: ReadonlySet<FlagName>;
  /** Whose rules hold: `numalab` unless that was said, or a word was given that only another launcher has. */
  readonly vocabulary: Vocabulary;
  readonly program: readonly string[];
  readonly warnings: readonly Warning[];
}

/** What other launchers understand and this one does not do. */
const foreign =
  /^(nnodes|nprocs-per-node|ccl-worker-count|logical-cores-for-ccl|master-addr|master-port|hostfile|extra-mpi-params|auto-ipex|auto-ipex-verbose|dtype|disable-ipex-graph-mode)$/;

/**
 * Reads the words after `numalab launch`: flags up to `--` or to the first word that is none, then the program.
 * @throws {LaunchError} `bad-flag`
 */
export function readFlags(words: readonly string[]): Flags {
  const args = words.map((text) => text.replace(/^--\w[\w-]*/, (name) => name.replaceAll("_", "-")));
  const { tokens } = parseArgs({ args, options: flagRows, strict: false, allowPositionals: true, tokens: true });
  const end = tokens.find(({ kind }) => kind !== "option");
  const endIndex = end?.index ?? words.length;
  const given = tokens.flatMap((token) => (token.kind === "option" && token.index < endIndex ? [checked(token)] : []));
  const names = given.map(([name]) => name);
  const values = Object.fromEntries(given);
  return {
    values,
    marks: new Set(names.filter((name) => flagRows[name].type === "boolean")),
    vocabulary: saidVocabularyOf(values["as"]) ?? vocabularyOf(names),
    program: words.slice(end?.kind === "option-terminator" ? endIndex + 1 : endIndex),
    warnings: names.includes("ncore-per-instance") ? [misspellingWarning] : [],
  };
}

function checked({ name, value }: { name: string; value: string | undefined }): [FlagName, string] {
  if (!isFlagName(name)) throw unknownErrorOf(name);
  const needsValue = flagRows[name].type === "string";
  if (needsValue && value === undefined) throw valueErrorOf(name, value, "needs a value");
  if (!needsValue && value !== undefined) throw valueErrorOf(name, value, "takes no value");
  return [name, value ?? ""];
}

function isFlagName(name: string): name is FlagName {
  return Object.hasOwn(flagRows, name);
}

function saidVocabularyOf(text: string | undefined): Vocabulary | undefined {
  const known: readonly Vocabulary[] = ["numalab", "ipexrun", "run_cpu"];
  const said = known.find((vocabulary) => vocabulary === text);
  if (said === undefined && text !== undefined) throw valueErrorOf("as", text, `needs one of ${known.join(", ")}`);
  return said;
}

/** Torch's words are those that Intel's tool had before it renamed them, so the two may be mixed. */
function vocabularyOf(names: readonly FlagName[]): Vocabulary {
  const ownersOf = (name: FlagName): readonly Vocabulary[] => flagRows[name].of;
  if (names.every((name) => ownersOf(name).includes("numalab"))) return "numalab";
  return names.some((name) => ownersOf(name).every((owner) => owner === "run_cpu")) ? "run_cpu" : "ipexrun";
}

const misspellingWarning: Warning = {
  code: "misspelt-flag",
  message: "--ncore-per-instance was read as --ncores-per-instance.",
  advice: "Write --ncores-per-instance: the other spelling is of an old version.",
};

function unknownErrorOf(name: string): LaunchError {
  const message = foreign.test(name)
    ? `--${name} belongs to training over several hosts, or changes the program itself; this launcher only places processes of one host. Start it by mpiexec or torchrun, or leave the flag out.`
    : `--${name} is no flag of this launcher, of ipexrun or of torch's run_cpu. \`numalab launch --help\` lists them; flags of your program go after it.`;
  return new LaunchError("bad-flag", message, { facts: { flag: name } });
}

function valueErrorOf(name: string, value: string | undefined, needs: string): LaunchError {
  const message = `--${name} ${needs}, and ${value === undefined ? "nothing" : `"${value}"`} was given. Correct it.`;
  return new LaunchError("bad-flag", message, { facts: { flag: name, value: value ?? null } });
}
