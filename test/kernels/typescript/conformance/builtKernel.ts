import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { kernelArgv as kernelCommandOf } from "../../../../kernels/typescript/argv.ts";
import type { ExecuteOptions } from "../../../../kernels/typescript/protocol/client.ts";
import type { JsonObject, Message } from "../../../../kernels/typescript/protocol/messages.ts";
import { startKernel, type KernelCommand, type StartedKernel } from "../../../../kernels/typescript/protocol/start.ts";

/** The root of this checkout. */
export const root = resolve(import.meta.dirname, "../../../..");

/** The built kernel's program. */
export const kernelProgram = join(root, "dist/kernels/typescript/main.js");

/** The command of the built kernel, as a kernelspec gives it. */
export const kernelArgv = kernelCommandOf({ node: process.execPath, main: kernelProgram });

/** A started kernel with one call that runs code and keeps what it publishes. */
export interface TestKernel extends StartedKernel {
  run(code: string, options?: ExecuteOptions): Promise<{ reply: JsonObject; output: Message[] }>;
}

/** Starts the built kernel, in the root of this checkout unless told otherwise. */
export async function startBuiltKernel(command: Partial<KernelCommand> = {}): Promise<TestKernel> {
  if (!existsSync(kernelProgram)) throw new Error(`${kernelProgram} is missing: npm run build`);
  const kernel = await startKernel({ argv: kernelArgv, workingFolder: root, ...command });
  return {
    ...kernel,
    async run(code, options = {}) {
      const output: Message[] = [];
      const onOutput = (message: Message): void => {
        output.push(message);
        options.onOutput?.(message);
      };
      return { reply: await kernel.client.execute(code, { ...options, onOutput }), output };
    },
  };
}

/** The contents of the messages of one type. */
export function contentsOf(output: readonly Message[], type: string): JsonObject[] {
  return output.filter(({ header }) => header.msg_type === type).map(({ content }) => content);
}

/** All text that was printed under a name. */
export function streamOf(output: readonly Message[], name: "stdout" | "stderr"): string {
  const streams = contentsOf(output, "stream").filter((content) => content["name"] === name);
  return streams.map(({ text }) => String(text)).join("");
}
