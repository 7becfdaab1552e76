import { appendFile, readFile } from "node:fs/promises";

/** Gives what was measured under this name before, or measures it and keeps it. */
export type Remember = <Value>(name: string, measure: () => Promise<Value>) => Promise<Value>;

interface Line {
  readonly subject: string;
  readonly name: string;
  readonly value: unknown;
}

async function readLines(path: string): Promise<readonly string[]> {
  try {
    return (await readFile(path, "utf8")).split("\n");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** A line that an interrupt cut short is measured again. */
function parseLine(text: string): readonly Line[] {
  try {
    return [JSON.parse(text) as Line];
  } catch {
    return [];
  }
}

/** A memory of measurements in a file, one JSON line each; those of another subject are left alone. */
export async function openMemory(path: string, subject: string): Promise<Remember> {
  const lines = (await readLines(path)).flatMap(parseLine).filter((line) => line.subject === subject);
  const known = new Map(lines.map(({ name, value }) => [name, value]));
  return async <Value>(name: string, measure: () => Promise<Value>): Promise<Value> => {
    if (known.has(name)) return known.get(name) as Value;
    const value = await measure();
    await appendFile(path, `\n${JSON.stringify({ subject, name, value } satisfies Line)}`);
    return value;
  };
}
