import { Command } from "commander";
import type { FetchedModel, FetchProgress } from "../../model/index.ts";
import { presentOf, wholeNumber } from "../flags.ts";
import { interruptSignal } from "../interrupt.ts";
import { modelText } from "../modelText.ts";
import { openStatusLine, printJson, printNote, printText } from "../output.ts";
import { placesOf } from "../places.ts";

interface FetchFlags {
  readonly out?: string;
  readonly data?: string;
  readonly mirror?: string;
  readonly sha256?: string;
  readonly connections: number;
  readonly json?: true;
}

/** A line that is drawn anew when there is another percent to show. */
function progressLine(): { readonly show: (progress: FetchProgress) => void; readonly clear: () => void } {
  const line = openStatusLine();
  let shown = "";
  return {
    clear: () => {
      line.clear();
    },
    show({ name, receivedBytes, totalBytes }) {
      const next = `${name} ${Math.floor((receivedBytes / totalBytes) * 100)}`;
      if (next === shown) return;
      shown = next;
      line.show(name, receivedBytes / totalBytes);
    },
  };
}

function noteHashes({ files }: FetchedModel): void {
  for (const { path, sha256, isVerified } of files) {
    printNote(`${path}: sha256 ${sha256}, ${isVerified ? "as stated" : "which nobody stated: nothing was compared"}`);
  }
}

async function fetchToFolder(source: string, flags: FetchFlags): Promise<void> {
  const { fetchModel, readModel } = await import("../../model/index.ts");
  const { HF_TOKEN: token, HF_ENDPOINT: endpoint } = process.env;
  const line = progressLine();
  const choices = presentOf({ token, endpoint: flags.mirror ?? endpoint, sha256: flags.sha256 });
  const folder = flags.out ?? placesOf(flags.data).models;
  const request = { source, folder, connectionsCount: flags.connections, signal: interruptSignal() };
  try {
    const fetched = await fetchModel({ ...request, ...choices, onProgress: line.show });
    line.clear();
    noteHashes(fetched);
    const model = await readModel(fetched.path);
    if (flags.json) printJson({ ...fetched, model });
    else printText(modelText(model));
  } finally {
    line.clear();
  }
}

/** `numalab model fetch`: a model from a hub or an address. */
export function fetchCommand(): Command {
  return new Command("fetch")
    .description("fetch a model; one that was stopped goes on from there")
    .argument("<source>", "hf:owner/name:quant, hf:owner/name/file.gguf, or the https address of a .gguf file")
    .option("--out <dir>", "folder for the file (default: the models folder)")
    .option("--mirror <url>", "ask this mirror of the hub (default: HF_ENDPOINT, else the hub)")
    .option("--sha256 <hash>", "what the file of an address must hash to; the hub says it by itself")
    .option("--connections <n>", "how many at once", wholeNumber(1), 4)
    .option("--data <dir>", "data folder")
    .option("--json", "print one JSON document")
    .addHelpText("after", "\nA model that asks for permission is fetched with the token in HF_TOKEN.")
    .action(fetchToFolder);
}
