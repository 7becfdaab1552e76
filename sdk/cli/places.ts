import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/** The folders that the commands use. */
export interface Places {
  readonly models: string;
  readonly runs: string;
}

/**
 * The data folder: `--data`, else NUMALAB_DATA, else `$XDG_DATA_HOME/numalab`, else `~/.local/share/numalab`.
 * @see https://specifications.freedesktop.org/basedir-spec/latest/ a relative XDG_DATA_HOME is to be ignored
 */
export function placesOf(data: string | undefined, environment = process.env): Places {
  const { NUMALAB_DATA: own, XDG_DATA_HOME: stated = "" } = environment;
  const shared = isAbsolute(stated) ? stated : join(homedir(), ".local", "share");
  const folder = data ?? own ?? join(shared, "numalab");
  return { models: join(folder, "models"), runs: join(folder, "runs") };
}

/** The path of a model that a command is given: a path, or a name of another program, as `ollama:llama3.2:1b`. */
export async function modelPathOf(text: string, environment = process.env): Promise<string> {
  const { findModelPath, userModelPlaces } = await import("../model/index.ts");
  return findModelPath(text, userModelPlaces(homedir(), environment));
}
