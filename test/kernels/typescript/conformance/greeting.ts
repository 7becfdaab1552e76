import { Subscriber } from "zeromq";
import { addressOf, type Connection } from "../../../../kernels/typescript/protocol/connection.ts";
import { decode } from "../../../../kernels/typescript/protocol/wire.ts";

/** The first message that a new subscriber of a topic gets. */
export async function greeting(
  connection: Connection,
  topic: string,
): Promise<{ type: string; subscription: unknown }> {
  const socket = new Subscriber({ linger: 0 });
  socket.subscribe(topic);
  socket.connect(addressOf(connection, "iopub"));
  const { header, content } = decode(await socket.receive(), connection.key);
  socket.close();
  return { type: header.msg_type, subscription: content["subscription"] };
}
