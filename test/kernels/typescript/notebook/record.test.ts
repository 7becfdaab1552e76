import { expect, test } from "vitest";
import type { CodeCell } from "../../../../kernels/typescript/notebook/document.ts";
import { asShown, createRecorder, foldStreams } from "../../../../kernels/typescript/notebook/record.ts";
import { messageOf, type JsonObject } from "../../../../kernels/typescript/protocol/messages.ts";

const emptyCell = (): CodeCell => ({ cell_type: "code", source: "", metadata: {}, outputs: [], execution_count: null });

function recorded() {
  const recorder = createRecorder();
  const cells = [emptyCell(), emptyCell()] as const;
  return {
    cells,
    take: (type: string, content: JsonObject, cell = cells[0]) => {
      recorder.record(cell, messageOf({ type, content }));
    },
  };
}

const display = (text: string, id?: string) => {
  const transient = id === undefined ? {} : { transient: { display_id: id } };
  return { data: { "text/plain": text }, metadata: {}, ...transient };
};
const shown = (text: string) => ({ output_type: "display_data", data: { "text/plain": text }, metadata: {} });

test("text of one name is joined, until another output comes between", () => {
  const { cells, take } = recorded();
  for (const name of ["stdout", "stdout", "stderr", "stdout"]) take("stream", { name, text: "a" });
  const texts = cells[0].outputs.map((output) => (output.output_type === "stream" ? output.text : null));
  expect(texts).toEqual(["aa", "a", "a"]);
});

test("an update changes what was shown under its id, in every cell, and adds nothing", () => {
  const { cells, take } = recorded();
  take("display_data", display("1", "d"));
  take("display_data", display("1", "d"), cells[1]);
  take("display_data", display("1"), cells[1]);
  take("update_display_data", display("2", "d"), cells[1]);
  expect(cells[0].outputs).toEqual([shown("2")]);
  expect(cells[1].outputs).toEqual([shown("2"), shown("1")]);
});

test("outputs are cleared at once, or by the next output", () => {
  const { cells, take } = recorded();
  take("stream", { name: "stdout", text: "a" });
  take("clear_output", { wait: true });
  expect(cells[0].outputs).toHaveLength(1);
  take("display_data", display("1"));
  expect(cells[0].outputs).toEqual([shown("1")]);
  take("clear_output", { wait: false });
  expect(cells[0].outputs).toEqual([]);
});

test("results and errors are kept as nbformat names them, and the count of the cell", () => {
  const { cells, take } = recorded();
  take("execute_input", { code: "", execution_count: 7 });
  take("execute_result", { ...display("1"), execution_count: 7 });
  take("error", { ename: "Error", evalue: "no", traceback: ["Error: no"] });
  take("status", { execution_state: "idle" });
  expect(cells[0].execution_count).toBe(7);
  expect(cells[0].outputs).toEqual([
    { output_type: "execute_result", execution_count: 7, data: { "text/plain": "1" }, metadata: {} },
    { output_type: "error", ename: "Error", evalue: "no", traceback: ["Error: no"] },
  ]);
});

test("a long line costs no more than a short one", () => {
  const line = `${"x".repeat(2_000_000)}\r\n`;
  const startedAt = performance.now();
  expect(asShown(line)).toBe(line);
  expect(performance.now() - startedAt).toBeLessThan(500);
});

test("a progress bar is kept as a terminal would show it last", () => {
  expect(asShown("10 %\r50 %\r100 %\ndone\n")).toBe("100 %\ndone\n");
  expect(asShown("line\r\nnext")).toBe("line\r\nnext");
  expect(asShown("abc\b\bd")).toBe("ad");
  expect(asShown("\b\r\r\na\rb\bc\r\r\n")).toBe("\b\r\r\nc\r\r\n");
  const { cells, take } = recorded();
  take("stream", { name: "stderr", text: "1\r" });
  take("stream", { name: "stderr", text: "2" });
  foldStreams(cells);
  expect(cells[0].outputs).toEqual([{ output_type: "stream", name: "stderr", text: "2" }]);
});
