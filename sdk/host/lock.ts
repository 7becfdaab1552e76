import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { HostError } from "./errors.ts";
import { errorWordOf } from "./files.ts";

/** The name is of the kernel, not of a file: when its process ends, killed or not, it is free again. */
const socketOf = (root: string) => `\0numalab-${createHash("sha256").update(root).digest("hex").slice(0, 32)}`;

async function listen(root: string): Promise<Server> {
  const server = createServer();
  try {
    await once(server.listen(socketOf(root)), "listening");
    return server;
  } catch (cause) {
    const message = `The settings below ${root} are being changed by another process (${errorWordOf(cause)}); needed is one at a time. Wait until its apply or undo has ended, then do the same again.`;
    throw new HostError("host-busy", message, { cause, facts: { root } });
  }
}

/**
 * What the work returns, done while no other process of ours changes the host below the root.
 * @throws {HostError} `host-busy` while another one does
 * @see https://man7.org/linux/man-pages/man7/unix.7.html abstract sockets
 */
export async function doneAlone<Result>(root: string, work: () => Promise<Result>): Promise<Result> {
  // Other systems have neither such names nor these settings.
  if (process.platform !== "linux") return await work();
  const server = await listen(root);
  try {
    return await work();
  } finally {
    server.close();
  }
}
