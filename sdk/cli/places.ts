import { homedir } from "node:os";
import { join } from "node:path";

/** The folders that the commands use. */
export interface Places {
  readonly models: string;
  readonly runs: string;
}

/** The data folder: `--data`, else NUMALAB_DATA, else `$XDG_DATA_HOME/numalab`, else `~/.local/share/numalab`. */
export function placesOf(data: string | undefined): Places {
  const { NUMALAB_DATA: own, XDG_DATA_HOME: shared } = process.env;
  const folder = data ?? own ?? join(shared ?? join(homedir(), ".local", "share"), "numalab");
  return { models: join(folder, "models"), runs: join(folder, "runs") };
}
