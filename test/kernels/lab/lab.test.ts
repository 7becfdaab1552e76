import { expect, test } from "vitest";
import { labArguments, labUrlIn, welcomeOf } from "../../../kernels/lab/lab.ts";

test("JupyterLab opens the notebooks and asks nothing when it ends", () => {
  const words = labArguments([], { isRoot: false, isRemote: false });
  expect(words).toEqual(["--ServerApp.root_dir=notebooks", "--ServerApp.answer_yes=True"]);
});

test("root is allowed, and a person at another machine gets no browser here", () => {
  const words = labArguments(["--port", "9000"], { isRoot: true, isRemote: true });
  expect(words.slice(2)).toEqual(["--allow-root", "--no-browser", "--port", "9000"]);
});

test("the address in JupyterLab's log gives what to open and the tunnel to it", () => {
  const log = `[I 12:00:00 ServerApp] Jupyter Server 2.21.1 is running at:
[I 12:00:00 ServerApp] http://server:8890/lab?token=abc
[I 12:00:00 ServerApp]     http://127.0.0.1:8890/lab?token=abc
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

test("a log without an address gives none", () => {
  expect(labUrlIn("[I 12:00:00 ServerApp] Serving notebooks from local directory")).toBe(null);
});
