import { createRequire } from "node:module";
import { hostname } from "node:os";
import { protocolVersion, type JsonObject } from "../protocol/messages.ts";

const require = createRequire(import.meta.url);
const versionOf = (name: string): string => (require(`${name}/package.json`) as { version: string }).version;

/**
 * What this kernel says about itself: the content of its `kernel_info_reply`. The banner names the host and where cells run,
 * because a notebook may be open far from both.
 * @see https://jupyter-client.readthedocs.io/en/stable/messaging.html#kernel-info
 */
export function kernelInfoOf(place: string): JsonObject {
  const [version, typescript] = [versionOf("numalab"), versionOf("typescript")];
  const banner = `numalab ${version}: TypeScript ${typescript} on Node ${process.versions.node}, host ${hostname()}, cells run ${place}`;
  return {
    status: "ok",
    protocol_version: protocolVersion,
    implementation: "numalab",
    implementation_version: version,
    banner,
    language_info: {
      name: "typescript",
      version: typescript,
      mimetype: "text/typescript",
      file_extension: ".ts",
      pygments_lexer: "typescript",
      codemirror_mode: "typescript",
      nbconvert_exporter: "script",
    },
    help_links: [
      { text: "TypeScript", url: "https://www.typescriptlang.org/docs/" },
      { text: "Node", url: "https://nodejs.org/docs/latest-v20.x/api/" },
    ],
    debugger: false,
    supported_features: [],
  };
}
