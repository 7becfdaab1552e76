import { textIn, type Header, type JsonObject } from "../protocol/messages.ts";
import type { Request } from "../protocol/sockets.ts";
import type { Cell, CellError, CellEvent } from "../session/cell.ts";
import { commContentOf, type Comms } from "./comms.ts";
import type { History } from "./history.ts";
import type { Output } from "./output.ts";

/** Turns what comes out of cells into messages, each with the request of the cell that caused it as its parent. */
export interface CellEvents {
  /** A cell starts, because of this request. */
  begin(cell: Cell, request: Request): void;
  /** The cell has ended; what else its reply has to tell. */
  end(): CellRemains;
  /** Resolves when there is room for more. */
  accept(cellId: number, event: CellEvent): Promise<void>;
}

/** What came out of a cell for its reply. */
export interface CellRemains {
  /** What the reply hands to the pager. */
  readonly payload: readonly JsonObject[];
  /** The first error that nobody caught; it has been published. */
  readonly uncaught: CellError | null;
}

/** What cell events lead to. */
export interface EventParts {
  readonly output: Output;
  readonly history: History;
  readonly comms: Comms;
  /** Asks the front end that made this request. */
  readonly ask: (request: Request, content: JsonObject) => void;
  /** Tells the cell that it gets no answer. */
  readonly refuse: () => void;
}

interface BegunCell {
  readonly parent: Header;
  readonly executionCount: number;
  /** Its request, and what the reply will have to tell; null when it has ended. */
  running: { readonly request: Request; readonly payload: JsonObject[]; uncaught: CellError | null } | null;
}

type EventOf<Kind extends CellEvent["kind"]> = Extract<CellEvent, { kind: Kind }>;
type Publishers = {
  readonly [Kind in CellEvent["kind"]]: (event: EventOf<Kind>, cell: BegunCell | null) => Promise<void>;
};

/** An error as messages tell it. */
export const errorFieldsOf = ({ name, message, traceback }: CellError): JsonObject => ({
  ename: name,
  evalue: message,
  traceback,
});

const parentOf = (cell: BegunCell | null): Header | null => cell?.parent ?? null;

function publishersOf({ output, history, comms, ask, refuse }: EventParts): Publishers {
  return {
    stream: ({ name, text }, cell) => output.stream(name, text, parentOf(cell)),
    remark: ({ text }, cell) => output.stream("stderr", `${text}\n`, parentOf(cell)),
    result({ data, metadata }, cell) {
      const execution_count = cell?.executionCount ?? 0;
      history.setOutput(execution_count, textIn(data, "text/plain"));
      return output.publish("execute_result", { data, metadata, execution_count }, { parent: parentOf(cell) });
    },
    display({ data, metadata, displayId, isUpdate }, cell) {
      const content = { data, metadata, transient: { display_id: displayId } };
      return output.publish(isUpdate ? "update_display_data" : "display_data", content, { parent: parentOf(cell) });
    },
    clear: ({ wait }, cell) => output.publish("clear_output", { wait }, { parent: parentOf(cell) }),
    page({ data }, cell) {
      if (cell?.running) cell.running.payload.push({ source: "page", data, start: 0 });
      else return output.publish("display_data", { data, metadata: {} }, { parent: parentOf(cell) });
      return Promise.resolve();
    },
    ask({ prompt }, cell) {
      const request = cell?.running?.request;
      if (request?.content["allow_stdin"] === true) ask(request, { prompt, password: false });
      else refuse();
      return Promise.resolve();
    },
    comm({ message }, cell) {
      comms.note(message);
      const { metadata = {} } = message;
      return output.publish(`comm_${message.type}`, commContentOf(message), { parent: parentOf(cell), metadata });
    },
    uncaught({ error }, cell) {
      if (cell?.running) cell.running.uncaught ??= error;
      return output.publish("error", errorFieldsOf(error), { parent: parentOf(cell) });
    },
    async fresh(_, cell) {
      const closing = comms.closeAll().map((message) => commContentOf(message));
      for (const content of closing) await output.publish("comm_close", content, { parent: parentOf(cell) });
    },
  };
}

/** The events of a kernel whose first cell is still to come. */
export function createEvents(parts: EventParts): CellEvents {
  const publishers = publishersOf(parts);
  const begun = new Map<number, BegunCell>();
  let latest: BegunCell | null = null;
  return {
    begin({ id, executionCount }, request) {
      latest = { parent: request.header, executionCount, running: { request, payload: [], uncaught: null } };
      begun.set(id, latest);
    },
    end() {
      const { payload = [], uncaught = null } = latest?.running ?? {};
      if (latest) latest.running = null;
      return { payload, uncaught };
    },
    accept(cellId, event) {
      const publish = publishers[event.kind] as (event: CellEvent, cell: BegunCell | null) => Promise<void>;
      return publish(event, begun.get(cellId) ?? latest);
    },
  };
}
