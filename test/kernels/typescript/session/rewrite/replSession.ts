import { randomUUID } from "node:crypto";
import inspector from "node:inspector";
import { createRequire } from "node:module";
import { createContext, runInContext } from "node:vm";
import { CellSyntaxError, createRewriter, type Rewritten } from "../../../../../kernels/typescript/session/rewrite.ts";

/** What a cell did: its last expression's value, and what it threw. */
export interface Ran {
  readonly value: unknown;
  readonly error: unknown;
}

/** Cells run one after another in V8's REPL mode, in a realm of their own. */
export interface ReplSession extends Disposable {
  /** Rewrites and runs a cell. */
  run(code: string): Promise<Ran>;
  /** Runs JavaScript as it is. */
  evaluate(javascript: string): Promise<Ran>;
  readonly rewriter: ReturnType<typeof createRewriter>;
  /** The cells whose awaits were announced, in order. */
  readonly awaited: number[];
  /** The imports that were asked for. */
  readonly imported: unknown[][];
  readonly lastRewritten: Rewritten | null;
  /** Kept, because the realm lives no longer than this object. */
  readonly globals: object;
}

const modules: Record<string, unknown> = {
  counter: { default: "counted", first: 1, second: 2, "odd name": 3 },
  broken: Promise.reject(Object.assign(new Error("no such module"), { code: "ERR_MODULE_NOT_FOUND" })),
};
(modules["broken"] as Promise<never>).catch(() => undefined);

/** Node gives these symbols to its main realm only. */
const dispose =
  'for (const name of ["dispose", "asyncDispose"]) Object.defineProperty(Symbol, name, { value: Symbol(name) })';

/** A fresh session without any name. */
export function startReplSession(): ReplSession {
  const session = new inspector.Session();
  session.connect();
  const name = randomUUID();
  let contextId = 0;
  session.on("Runtime.executionContextCreated", ({ params: { context } }) => {
    if (context.name === name) contextId = context.id;
  });
  session.post("Runtime.enable");
  const state = { value: undefined as unknown, thrown: undefined as unknown, isThrown: false };
  const [awaited, imported]: [number[], unknown[][]] = [[], []];
  const bridge = {
    result: (value: unknown) => (state.value = value),
    awaited(cellId: number, value: unknown) {
      awaited.push(cellId);
      return value;
    },
    import(...parts: unknown[]) {
      imported.push(parts);
      return Promise.resolve(modules[String(parts[0])] ?? { default: parts[0] });
    },
    meta: { url: "file:///notebook/cell.ts" },
    threw(error: unknown) {
      state.isThrown = true;
      state.thrown = error;
    },
  };
  const { setTimeout } = globalThis;
  const globals = { __numalab: bridge, console, setTimeout, require: createRequire(import.meta.url) };
  runInContext(dispose, createContext(globals, { name }));
  const post = (javascript: string) =>
    new Promise<inspector.Runtime.EvaluateReturnType>((resolve, reject) => {
      const parameters = { expression: javascript, contextId, replMode: true, awaitPromise: true };
      session.post("Runtime.evaluate", parameters, (error, result) => {
        if (error === null) resolve(result as inspector.Runtime.EvaluateReturnType);
        else reject(error);
      });
    });
  async function evaluate(javascript: string): Promise<Ran> {
    Object.assign(state, { value: undefined, thrown: undefined, isThrown: false });
    const { exceptionDetails: details } = await post(javascript);
    if (details === undefined) return { value: state.value, error: undefined };
    const objectId = details.exception?.objectId;
    if (objectId === undefined) return { value: state.value, error: details.exception?.value ?? details.text };
    const functionDeclaration = "function () { globalThis.__numalab.threw(this); }";
    await new Promise((resolve) => {
      session.post("Runtime.callFunctionOn", { objectId, functionDeclaration }, resolve);
    });
    return { value: state.value, error: state.isThrown ? state.thrown : details.exception?.description };
  }
  const rewriter = createRewriter();
  let [cellId, lastRewritten]: [number, Rewritten | null] = [0, null];
  return {
    globals,
    rewriter,
    awaited,
    imported,
    evaluate,
    get lastRewritten() {
      return lastRewritten;
    },
    async run(code) {
      cellId++;
      try {
        lastRewritten = rewriter.rewrite({ cellId, executionCount: cellId, code });
      } catch (error) {
        if (error instanceof CellSyntaxError) return { value: undefined, error };
        throw error;
      }
      rewriter.commit(lastRewritten);
      return evaluate(lastRewritten.javascript);
    },
    [Symbol.dispose]: () => {
      session.disconnect();
    },
  };
}
