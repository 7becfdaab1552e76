import { expect, test } from "vitest";
import { labArguments, labUrlIn, welcomeOf } from "../../../kernels/lab/lab.ts";

test("JupyterLab asks nothing when it ends", () => {
  expect(labArguments([], { isRoot: false, isRemote: false })).toEqual(["--ServerApp.answer_yes=True"]);
});

test("root is allowed, and a person at another machine gets no browser here", () => {
  const words = labArguments(["--port", "9000"], { isRoot: true, isRemote: true });
  expect(words.slice(1)).toEqual(["--allow-root", "--no-browser", "--port", "9000"]);
});

test("the address in JupyterLab's log gives what to open and the tunnel to it", () => {
  const log = `[C 12:00:00 ServerApp]

    To access the server, open this file in a browser:
        file:///run/jpserver-1-open.html
    Or copy and paste one of these URLs:
        http://server:8890/lab?token=abc
        http://127.0.0.1:8890/lab?token=abc
`;
  const url = labUrlIn(log);
  expect(url?.href).toBe("http://127.0.0.1:8890/lab?token=abc");
  expect(welcomeOf(url!, "server")).toMatchInlineSnapshot(`
    "
    JupyterLab runs on server: http://localhost:8890/lab?token=abc
    From another machine, first: ssh -L 8890:localhost:8890 server
    Ctrl-C ends it, and every kernel with it.

    "
  `);
});

test("an address earlier in the log is not the last word, and gives none", () => {
  expect(labUrlIn("[I 12:00:00 ServerApp]     http://127.0.0.1:8890/lab?token=abc")).toBe(null);
});
