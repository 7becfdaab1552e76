import { runInThisContext } from "node:vm";
import fc from "fast-check";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { helpers, programs, variables } from "./program.ts";
import { startReplSession } from "./replSession.ts";

/** The variables that a whole program leaves behind when plain TypeScript runs it. */
function valuesOf(program: string): Promise<unknown> {
  const { outputText } = ts.transpileModule(program, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  const javascript = `(async () => { "use strict"; ${outputText}
 return ${readVariables} })()`;
  return runInThisContext(javascript) as Promise<unknown>;
}

const readVariables = `[${variables.map((name) => `typeof ${name} === "undefined" ? null : ${name}`).join(", ")}]`;

describe("random programs", () => {
  it("leave the same values behind as plain TypeScript, in one cell and in several", { timeout: 30_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(programs, fc.nat(6), async ([head, statements], splitIndex) => {
        const cut = splitIndex % (statements.length + 1);
        const text = [head, ...statements].join("\n");
        const wanted = await valuesOf(`${helpers}\n${text}`);
        for (const cells of [
          [`${text}\n${helpers.replace(/class.*\n/, "")}`],
          [helpers, [head, ...statements.slice(0, cut)].join("\n"), statements.slice(cut).join("\n")],
        ]) {
          using session = startReplSession();
          await session.run("class Box<T> { constructor(readonly value: T) {} }");
          for (const cell of cells) expect(await session.run(cell)).toMatchObject({ error: undefined });
          const { value } = await session.run(readVariables);
          expect(Array.from(value as unknown[])).toEqual(wanted);
        }
      }),
      { numRuns: 30 },
    );
  });
});
