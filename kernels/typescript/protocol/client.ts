import { randomBytes, randomUUID } from "node:crypto";
import { Dealer, Request, Subscriber } from "zeromq";
import { addressOf, type Connection } from "./connection.ts";
import { messageOf, replyTypeOf, type JsonObject, type Message } from "./messages.ts";
import { decode, encode } from "./wire.ts";

/** How often a kernel that does not greet its subscribers is asked again, until a published message arrives. */
const askAgainMilliseconds = 100;
const reconnectMilliseconds = 10;

/** What a request may say, and who listens to what it causes. */
export interface RequestOptions {
  /** Default "shell". */
  readonly socket?: "shell" | "control";
  /** Called with every published message that the request causes, however late it comes. */
  readonly onOutput?: (message: Message) => void;
  /** Answers what the kernel asks; without it the kernel may not ask. */
  readonly onInput?: (prompt: string, isPassword: boolean) => string | Promise<string>;
}

/** What running code may be told besides. */
export interface ExecuteOptions extends Omit<RequestOptions, "socket"> {
  /** Whether nothing is published and nothing counted. Default false. */
  readonly isSilent?: boolean;
  /** Default: unless silent. */
  readonly storesHistory?: boolean;
  /** Whether requests that wait behind it are aborted when it fails. Default true. */
  readonly stopsOnError?: boolean;
  /** Expressions to evaluate afterwards, by name. */
  readonly expressions?: Readonly<Record<string, string>>;
}

/** A front end connected to a kernel. */
export interface KernelClient extends AsyncDisposable {
  /** The content of the reply to a request, when all that it caused has arrived. */
  request(type: string, content?: JsonObject, options?: RequestOptions): Promise<JsonObject>;
  /** Runs code; the content of the reply. */
  execute(code: string, options?: ExecuteOptions): Promise<JsonObject>;
  /** Stops what runs. */
  interrupt(): Promise<JsonObject>;
  /** Sends a message that has no reply; resolves when its effects have arrived. */
  tell(type: string, content: JsonObject): Promise<void>;
  /** Calls back with every published message, caused by whomever. */
  onPublished(listener: (message: Message) => void): void;
  /** Resolves when the kernel answers a heartbeat. */
  heartbeat(): Promise<void>;
  /** Rejects all that waits, now and later. */
  fail(error: Error): void;
}

interface Pending extends RequestOptions {
  readonly type: string;
  readonly needsReply: boolean;
  reply?: JsonObject;
  isIdle: boolean;
  resolve(reply: JsonObject): void;
  reject(error: Error): void;
}

class Client implements KernelClient {
  readonly #connection: Connection;
  readonly #dealers: { readonly shell: Dealer; readonly control: Dealer; readonly stdin: Dealer };
  readonly #iopub = new Subscriber({ linger: 0, reconnectInterval: reconnectMilliseconds });
  readonly #pending = new Map<string, Pending>();
  readonly #outputListeners = new Map<string, (message: Message) => void>();
  readonly #listeners: ((message: Message) => void)[] = [];
  #failure: Error | null = null;
  #sending: Promise<unknown> = Promise.resolve();

  constructor(connection: Connection) {
    this.#connection = connection;
    const routingId = randomBytes(8).toString("hex");
    const options = { routingId, linger: 200, sendHighWaterMark: 0, reconnectInterval: reconnectMilliseconds };
    this.#dealers = { shell: new Dealer(options), control: new Dealer(options), stdin: new Dealer(options) };
    const { shell, control, stdin } = this.#dealers;
    const [replied, input] = [this.#replied.bind(this), this.#input.bind(this)];
    this.#listen(shell, addressOf(connection, "shell"), replied);
    this.#listen(control, addressOf(connection, "control"), replied);
    this.#listen(stdin, addressOf(connection, "stdin"), input);
    this.#iopub.subscribe();
    this.#listen(this.#iopub, addressOf(connection, "iopub"), this.#published.bind(this));
  }

  request(type: string, content: JsonObject = {}, options: RequestOptions = {}): Promise<JsonObject> {
    return this.#expect({ type, content, needsReply: true }, options);
  }

  async tell(type: string, content: JsonObject): Promise<void> {
    await this.#expect({ type, content, needsReply: false }, {});
  }

  execute(code: string, options: ExecuteOptions = {}): Promise<JsonObject> {
    const {
      isSilent = false,
      storesHistory = !isSilent,
      stopsOnError = true,
      expressions = {},
      ...listeners
    } = options;
    const content = {
      code,
      silent: isSilent,
      store_history: storesHistory,
      stop_on_error: stopsOnError,
      user_expressions: expressions,
      allow_stdin: listeners.onInput !== undefined,
    };
    return this.request("execute_request", content, listeners);
  }

  interrupt(): Promise<JsonObject> {
    return this.request("interrupt_request", {}, { socket: "control" });
  }

  onPublished(listener: (message: Message) => void): void {
    this.#listeners.push(listener);
  }

  async heartbeat(): Promise<void> {
    const socket = new Request({ linger: 0 });
    socket.connect(addressOf(this.#connection, "hb"));
    await socket.send(randomUUID());
    await socket.receive();
    socket.close();
  }

  fail(error: Error): void {
    this.#failure = error;
    for (const pending of this.#pending.values()) pending.reject(error);
    this.#pending.clear();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.fail(new Error("The connection to the kernel is closed."));
    for (const socket of [...Object.values(this.#dealers), this.#iopub]) socket.close();
    return Promise.resolve();
  }

  #expect(
    { type, content, needsReply }: { type: string; content: JsonObject; needsReply: boolean },
    options: RequestOptions,
  ): Promise<JsonObject> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    const message = messageOf({ type, content });
    return new Promise((resolve, reject) => {
      this.#pending.set(message.header.msg_id, { ...options, type, needsReply, isIdle: false, resolve, reject });
      if (options.onOutput !== undefined) this.#outputListeners.set(message.header.msg_id, options.onOutput);
      this.#send(this.#dealers[options.socket ?? "shell"], message);
    });
  }

  #send(socket: Dealer, message: Message): void {
    this.#sending = this.#sending.then(() => socket.send(encode(message, this.#connection.key)));
    this.#sending.catch((error: unknown) => {
      this.fail(error as Error);
    });
  }

  #listen(socket: Dealer | Subscriber, address: string, onMessage: (message: Message) => void): void {
    socket.connect(address);
    const receive = async (): Promise<void> => {
      for await (const frames of socket) onMessage(decode(frames, this.#connection.key));
    };
    receive().catch((error: unknown) => {
      this.fail(error as Error);
    });
  }

  #replied({ header, parent, content }: Message): void {
    const pending = this.#pending.get(parent?.msg_id ?? "");
    if (pending === undefined || header.msg_type !== replyTypeOf(pending.type)) return;
    pending.reply = content;
    this.#settle(parent?.msg_id ?? "", pending);
  }

  #published(message: Message): void {
    for (const listener of this.#listeners) listener(message);
    const id = message.parent?.msg_id ?? "";
    this.#outputListeners.get(id)?.(message);
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    if (message.header.msg_type !== "status" || message.content["execution_state"] !== "idle") return;
    pending.isIdle = true;
    this.#settle(id, pending);
  }

  #settle(id: string, pending: Pending): void {
    if (!pending.isIdle || (pending.needsReply && pending.reply === undefined)) return;
    this.#pending.delete(id);
    pending.resolve(pending.reply ?? {});
  }

  #input({ parent, content }: Message): void {
    const { onInput } = this.#pending.get(parent?.msg_id ?? "") ?? {};
    const answer = onInput?.(String(content["prompt"]), content["password"] === true) ?? "";
    void Promise.resolve(answer).then((value) => {
      this.#send(this.#dealers.stdin, messageOf({ type: "input_reply", content: { status: "ok", value }, parent }));
    });
  }
}

/** A front end that connects to the kernel at this connection, whether it listens already or will. */
export function openClient(connection: Connection): KernelClient {
  return new Client(connection);
}

/** What the kernel says about itself, when it answers requests and its published messages arrive. Rejects when the client fails. */
export function readyKernel(client: KernelClient): Promise<JsonObject> {
  return new Promise((resolve, reject) => {
    const ask = (): void => void client.request("kernel_info_request").then(resolve, reject).finally(stopAsking);
    const timer = setInterval(ask, askAgainMilliseconds);
    const stopAsking = (): void => {
      clearInterval(timer);
    };
    ask();
  });
}
