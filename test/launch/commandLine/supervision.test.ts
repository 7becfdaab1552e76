import { expect, test } from "vitest";
import { parseLaunch } from "../../../sdk/launch/index.ts";

const supervisionOf = (line: string) => parseLaunch(`${line} -- prog`.trim().split(" ")).supervision;

test("flags tell how instances are watched over; what is not said is left out", () => {
  expect(supervisionOf("")).toEqual({});
  expect(supervisionOf("--ready-line up --ready-timeout 2.5 --grace 0 --restart always --max-restarts 3")).toEqual({
    ready: { line: "up", deadlineSeconds: 2.5 },
    graceSeconds: 0,
    restart: "always",
    maximumRestartsCount: 3,
  });
  expect(parseLaunch(["--watch", "prog"]).isWatched).toBe(true);
});

test.each([
  ["--grace soon", "a number of seconds is needed"],
  ["--restart sometimes", "one of never, on-failure, always is needed"],
  ["--restart always --max-restarts some", "a whole number is needed"],
  ["--restart always --max-restarts -1", "a whole number from 0 up is needed"],
  ["--max-restarts 3", "without --restart"],
  ["--ready-line=", "some text of a line is needed"],
  ["--memory-per-instance -6GiB", "an amount with its unit, such as 6GiB"],
  ["--ready-timeout 3", "without --ready-line"],
])("%s is wrong usage", (line, words) => {
  expect(() => supervisionOf(line)).toThrow(words);
});
