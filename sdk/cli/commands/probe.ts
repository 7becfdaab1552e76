import { Command } from "commander";
import { printJson, printText } from "../output.ts";

/** `numalab probe`: the machine, live or recorded. */
export function probeCommand(): Command {
  return new Command("probe")
    .description("show this machine: packages, NUMA nodes, cores, caches, container limits")
    .option("--root <dir>", "read a recorded machine: a folder with its sys/ and proc/")
    .option("--json", "print one JSON document")
    .option("--map <file>", "write the topology map as an HTML page")
    .action(async (flags: { root?: string; json?: true; map?: string }) => {
      const { formatTopology, probeTopology } = await import("../../topology/index.ts");
      const topology = await probeTopology(flags.root === undefined ? {} : { root: flags.root });
      if (flags.map !== undefined) {
        const [{ topologyMap }, { page, writePage }] = await Promise.all([
          import("../../plot/index.ts"),
          import("../../report/index.ts"),
        ]);
        const blocks = [{ figure: topologyMap(topology) }];
        await writePage(flags.map, await page({ title: "The machine", sections: [{ heading: "Topology", blocks }] }));
      }
      if (flags.json) printJson(topology);
      else printText(formatTopology(topology));
    });
}
