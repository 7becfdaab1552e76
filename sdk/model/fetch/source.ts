import { ModelError } from "../errors.ts";

/** A model in a repository of the hub. */
export interface HubSource {
  readonly kind: "hub";
  /** `owner/name`. */
  readonly repository: string;
  /** A branch, a tag or a commit. */
  readonly revision: string;
  /** A label such as `Q4_K_M`; null when none was named. */
  readonly quant: string | null;
  /** The path of one file in the repository; null when none was named. */
  readonly file: string | null;
}

/** A model at an address of its own. */
export interface UrlSource {
  readonly kind: "url";
  readonly url: string;
}

const word = "[A-Za-z0-9][\\w.-]*";
const hubSource = new RegExp(`^hf:(${word}/${word})(?::([\\w.-]+)|/([^#]+\\.gguf))?(?:#([\\w./-]+))?$`);

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && ["http:", "https:"].includes(new URL(text).protocol);
}

/**
 * Parses `hf:owner/name`, `hf:owner/name:quant`, `hf:owner/name/file.gguf`, each with `#revision` where it is not `main`,
 * or the `https:` address of a file.
 * @throws {ModelError} `bad-source`
 */
export function parseSource(text: string): HubSource | UrlSource {
  const [, repository, quant = null, file = null, revision = "main"] = hubSource.exec(text) ?? [];
  if (repository !== undefined) return { kind: "hub", repository, quant, file, revision };
  if (isHttpUrl(text) && new URL(text).pathname.endsWith(".gguf")) return { kind: "url", url: text };
  const message = `"${text}" names no model. Pass hf:owner/name:quant, hf:owner/name/file.gguf, or the https address of a .gguf file.`;
  throw new ModelError("bad-source", message, { facts: { source: text } });
}
