import { textIn, type JsonObject, type Message } from "../protocol/messages.ts";
import type { CellOutput, CodeCell } from "./document.ts";

/** Keeps what a kernel publishes as the outputs of cells. */
export interface Recorder {
  /** Takes a message that a cell caused. */
  record(cell: CodeCell, message: Message): void;
}

type Shown = Extract<CellOutput, { data: unknown }>;

/** What a terminal would show: a carriage return begins the line anew, a backspace takes a character back. */
export function asShown(text: string): string {
  if (!/[\r\b]/.test(text)) return text;
  return text.split("\n").map(lineAsShown).join("\n");
}

function lineAsShown(line: string): string {
  const kept = line.includes("\b") ? withoutErased(line) : line;
  let end = kept.length;
  while (kept[end - 1] === "\r") end--;
  return end === 0 ? kept : kept.slice(kept.lastIndexOf("\r", end - 1) + 1);
}

function withoutErased(line: string): string {
  const kept: string[] = [];
  for (const character of line) {
    const last = kept.at(-1) ?? "\r";
    if (character === "\b" && last !== "\r" && last !== "\b") kept.pop();
    else kept.push(character);
  }
  return kept.join("");
}

/** Makes the streams of cells what a terminal would show. */
export function foldStreams(cells: readonly CodeCell[]): void {
  for (const output of cells.flatMap(({ outputs }) => outputs)) {
    if (output.output_type === "stream") output.text = asShown(output.text);
  }
}

function displayIdOf({ transient }: JsonObject): string {
  return transient === null || typeof transient !== "object" ? "" : textIn(transient as JsonObject, "display_id");
}

function outputOf({ header, content }: Message): CellOutput | null {
  const { data, metadata, traceback } = content;
  switch (header.msg_type) {
    case "stream":
      return { output_type: "stream", name: textIn(content, "name"), text: textIn(content, "text") };
    case "error":
      return { output_type: "error", ename: textIn(content, "ename"), evalue: textIn(content, "evalue"), traceback };
    case "display_data":
      return { output_type: "display_data", data, metadata };
    case "execute_result":
      return { output_type: "execute_result", execution_count: Number(content["execution_count"]), data, metadata };
    default:
      return null;
  }
}

function append(outputs: CellOutput[], output: CellOutput): void {
  const last = outputs.at(-1);
  if (output.output_type === "stream" && last?.output_type === "stream" && last.name === output.name) {
    last.text += output.text;
  } else outputs.push(output);
}

/** A recorder for one run of a notebook. */
export function createRecorder(): Recorder {
  const displays = new Map<string, Shown[]>();
  const clearedByNext = new WeakSet<CodeCell>();

  const update = ({ content }: Message): void => {
    for (const output of displays.get(displayIdOf(content)) ?? []) {
      output.data = content["data"];
      output.metadata = content["metadata"];
    }
  };
  const show = (cell: CodeCell, message: Message): void => {
    const output = outputOf(message);
    if (output === null) return;
    if (clearedByNext.delete(cell)) cell.outputs = [];
    append(cell.outputs, output);
    const id = displayIdOf(message.content);
    if (id !== "" && "data" in output) displays.set(id, [...(displays.get(id) ?? []), output]);
  };
  return {
    record(cell, message) {
      const { header, content } = message;
      if (header.msg_type === "update_display_data") update(message);
      else if (header.msg_type === "execute_input") cell.execution_count = Number(content["execution_count"]);
      else if (header.msg_type !== "clear_output") show(cell, message);
      else if (content["wait"] === true) clearedByNext.add(cell);
      else cell.outputs = [];
    },
  };
}
