/** A command line with its environment, as one types it into a shell. */
export function shellLineOf(
  command: readonly string[],
  variables: Readonly<Record<string, string>> = {},
  removed: readonly string[] = [],
): string {
  const unset = removed.length === 0 ? [] : ["env", ...removed.flatMap((name) => ["-u", name])];
  const set = Object.entries(variables).map(([name, value]) => `${name}=${quoted(value)}`);
  return [...unset, ...set, ...command.map(quoted)].join(" ");
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
