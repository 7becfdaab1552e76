/** What was found and what was needed, as data beside the sentence. */
export type ErrorFacts = Readonly<Record<string, unknown>>;

/** What an error carries besides its code and sentence. */
export interface ErrorDetails {
  /** The values the sentence speaks of. */
  readonly facts?: ErrorFacts;
  /** The error below this one. */
  readonly cause?: unknown;
}

/**
 * The base of every error this package throws on purpose. Each layer has one subclass whose `code` is a literal union.
 * The message says what was found and what was needed, then what to do.
 */
export class NumalabError<Code extends string = string> extends Error {
  /** A stable word for programs; the message is for people. */
  readonly code: Code;
  /** The values the message speaks of. */
  readonly facts: ErrorFacts;

  constructor(code: Code, message: string, details: ErrorDetails = {}) {
    super(message, "cause" in details ? { cause: details.cause } : {});
    this.name = new.target.name;
    this.code = code;
    this.facts = details.facts ?? {};
  }

  /** The form shown to people: `LaunchError [node-offline]: sentence`. */
  override toString(): string {
    return `${this.name} [${this.code}]: ${this.message}`;
  }
}

/** A condition worth telling with a result, as data: never only printed. */
export interface Warning {
  /** A stable word for programs. */
  readonly code: string;
  /** What was found, with its value. */
  readonly message: string;
  /** What the reader can do about it. */
  readonly advice: string;
}
