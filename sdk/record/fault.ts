import type { Warning } from "../errors.ts";
import type { Line } from "./line.ts";

const advices = {
  "torn-line": "The runs before it are whole. Measure the lost run again: the next append closes the line.",
  "future-schema": "They were left out and stay in the file. Update numalab to read them.",
  "invalid-line": "They were left out and stay in the file. Mend or remove them.",
};

/** What is wrong with one line. */
export interface LineFault {
  readonly code: keyof typeof advices;
  readonly line: Line;
  /** What was found. */
  readonly found: string;
}

/** One warning for each kind of fault in a file, with their number and the first of them. */
export function faultWarningsOf(file: string, faults: readonly LineFault[]): Warning[] {
  const codes = Object.keys(advices) as LineFault["code"][];
  return codes.flatMap((code) => {
    const alike = faults.filter((fault) => fault.code === code);
    const [first] = alike;
    return first === undefined ? [] : [{ code, message: messageOf(file, first, alike.length), advice: advices[code] }];
  });
}

function messageOf(file: string, { code, line, found }: LineFault, count: number): string {
  if (code === "torn-line")
    return `${file} ends in a line that was cut off: line ${line.number}, from byte ${line.offsetBytes}.`;
  const lines = count === 1 ? `One line of ${file} is` : `${count} lines of ${file} are`;
  const place = count === 1 ? `line ${line.number}` : `the first is line ${line.number}`;
  const needed = code === "future-schema" ? "of a newer schema than run/1" : "no run";
  return `${lines} ${needed}; ${place}: ${found}.`;
}
