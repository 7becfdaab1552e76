import { Session, type Runtime } from "node:inspector";

/** How an evaluation ended. A cell that awaits what nothing can bring any more never ends by itself. */
export type Evaluated =
  | { readonly kind: "value" }
  | { readonly kind: "thrown"; readonly value: unknown }
  /** V8 could not read it; line and column begin at 0. */
  | { readonly kind: "unreadable"; readonly message: string; readonly line: number; readonly column: number }
  /** It was stopped. */
  | { readonly kind: "stopped" };

const objectGroup = "cell";
const session = new Session();
/** Where the inspector puts what was thrown, which it only names. */
let caught: unknown;

/** Connects to V8; must be called once, on the main thread. */
export function connect(): void {
  session.connect();
}

/** Takes what the inspector hands over. */
export function catchThrown(value: unknown): void {
  caught = value;
}

/** What was thrown, from the inspector's description of it. */
function thrownBy({ objectId, unserializableValue, type, value }: Runtime.RemoteObject): unknown {
  if (objectId !== undefined) {
    const functionDeclaration = 'function () { "use strict"; __numalab.caught(this); }';
    session.post("Runtime.callFunctionOn", { objectId, functionDeclaration, silent: true });
    const thrown = caught;
    caught = undefined;
    return thrown;
  }
  if (unserializableValue === undefined) return value as unknown;
  return type === "bigint" ? BigInt(unserializableValue.slice(0, -1)) : Number(unserializableValue);
}

/** Whether the text as a whole was refused, and not one that it evaluates itself. */
function isUnreadable(value: unknown): value is SyntaxError {
  return value instanceof SyntaxError && !/^ +at /m.test(value.stack ?? "");
}

function evaluatedOf(details: Runtime.ExceptionDetails): Evaluated {
  const value = details.exception === undefined ? new Error(details.text) : thrownBy(details.exception);
  if (!isUnreadable(value)) return { kind: "thrown", value };
  return { kind: "unreadable", message: value.message, line: details.lineNumber, column: details.columnNumber };
}

/**
 * Evaluates a text with V8's REPL mode, so that names stay and can be declared again. It must be posted by the main thread itself:
 * what another thread posts cannot be stopped.
 */
export function evaluate(expression: string, onEnd: (evaluated: Evaluated) => void): void {
  const options = { expression, objectGroup, replMode: true, awaitPromise: true };
  session.post("Runtime.evaluate", options, (error, reply?: Runtime.EvaluateReturnType) => {
    if (error !== null && /collected|destroyed/.test(error.message)) return; // it never ends, or everything does
    let evaluated: Evaluated = { kind: error === null ? "value" : "stopped" };
    if (reply?.exceptionDetails !== undefined) evaluated = evaluatedOf(reply.exceptionDetails);
    session.post("Runtime.releaseObjectGroup", { objectGroup });
    onEnd(evaluated);
  });
}

const membersMilliseconds = 100;
const mostMembers = 1000;

function isName(name: unknown): name is string {
  return typeof name === "string" && /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name);
}

/**
 * The names of a value's members and those of its prototypes, without side effects; none when that cannot be had.
 * Not in REPL mode, whose promise is a side effect as soon as anybody watches promises.
 */
export function membersOf(expression: string, onEnd: (names: readonly string[]) => void): void {
  const text = `(() => {
    const names = [];
    for (let value = Object(${expression}); value && value !== Object.prototype; value = Object.getPrototypeOf(value))
      names.push(...Object.getOwnPropertyNames(value).slice(0, ${mostMembers}));
    return names;
  })()`;
  const options = {
    throwOnSideEffect: true,
    returnByValue: true,
    silent: true,
    timeout: membersMilliseconds,
  };
  session.post("Runtime.evaluate", { expression: text, ...options }, (error, evaluated) => {
    const names: unknown = error === null && evaluated.exceptionDetails === undefined ? evaluated.result.value : [];
    onEnd(Array.isArray(names) ? [...new Set(names.filter(isName))] : []);
  });
}
