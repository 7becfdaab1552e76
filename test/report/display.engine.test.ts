import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { expect, test } from "vitest";

/** Runs one cell in tslab's own kernel, without the sockets, and prints what it sends to the front end. */
const tslab = `
  const { createConverter } = require("tslab/dist/converter.js");
  const { createExecutor } = require("tslab/dist/executor.js");
  const { JupyterHandlerImpl } = require("tslab/dist/jupyter.js");
  const node = createConverter({ isJS: true, isBrowser: false });
  const executor = createExecutor(process.cwd(), { node, close: () => node.close() }, console);
  const handler = new JupyterHandlerImpl(executor, true);
  const [code] = process.argv.slice(1);
  const show = ({ data }) => require("node:fs").writeSync(1, JSON.stringify(data));
  handler.handleExecute({ code }, () => {}, show).then(() => process.exit(0));
`;

test("in a tslab cell a table is shown as HTML", () => {
  const cell = 'import { display } from "numalab/report"; await display([{ threadsCount: 2 }]);';
  const printed = execFileSync(process.execPath, ["-e", tslab, cell], {
    cwd: resolve(import.meta.dirname, "../.."),
    encoding: "utf8",
  });
  expect(JSON.parse(printed)).toEqual({
    "text/html": expect.stringContaining('<th class="number">Threads</th>') as string,
  });
});
