import type { CommMessage } from "../cell.ts";
import type { Comm } from "../globals.ts";
import { asCell, currentCellId } from "./cellContext.ts";
import { freshId } from "./freshId.ts";
import { tell } from "./outbox.ts";

type Listener = (data: unknown) => void;
type OnOpen = (comm: Comm, data: unknown) => void;

/** One end of an open channel. */
interface OpenComm {
  readonly comm: Comm;
  readonly messageListeners: Listener[];
  readonly closeListeners: Listener[];
}

const targets = new Map<string, OnOpen>();
const openComms = new Map<string, OpenComm>();

function tellComm(message: CommMessage): void {
  tell({ kind: "event", cellId: currentCellId(), event: { kind: "comm", message } });
}

/** The function, run in the name of the cell that calls us now. */
function keepCause<Values extends unknown[]>(listener: (...values: Values) => void): (...values: Values) => void {
  const cellId = currentCellId();
  return (...values) => {
    asCell(cellId, () => {
      listener(...values);
    });
  };
}

function createComm(commId: string, targetName: string): Comm {
  const messageListeners: Listener[] = [];
  const closeListeners: Listener[] = [];
  const comm: Comm = {
    commId,
    targetName,
    send: (data) => {
      tellComm({ type: "msg", commId, data });
    },
    close(data = {}) {
      if (openComms.delete(commId)) tellComm({ type: "close", commId, data });
    },
    onMessage: (listener) => void messageListeners.push(keepCause(listener)),
    onClose: (listener) => void closeListeners.push(keepCause(listener)),
  };
  openComms.set(commId, { comm, messageListeners, closeListeners });
  return comm;
}

/** Lets front ends open comms of this name. */
export function registerTarget(targetName: string, onOpen: OnOpen): void {
  targets.set(targetName, keepCause(onOpen));
}

/** A new comm to the front end. */
export function openComm(targetName: string, data: unknown = {}): Comm {
  const comm = createComm(freshId(), targetName);
  tellComm({ type: "open", commId: comm.commId, targetName, data });
  return comm;
}

function acceptComm({ commId, targetName = "", data }: CommMessage): void {
  const onOpen = targets.get(targetName);
  if (onOpen === undefined) tellComm({ type: "close", commId, data: {} });
  else onOpen(createComm(commId, targetName), data);
}

/** Hands a message of the front end to its comm; a comm that nobody accepts is closed. */
export function receiveComm(message: CommMessage): void {
  const { type, commId, data } = message;
  if (type === "open") {
    acceptComm(message);
    return;
  }
  const open = openComms.get(commId);
  if (type === "close") openComms.delete(commId);
  const listeners = type === "close" ? open?.closeListeners : open?.messageListeners;
  for (const listener of listeners ?? []) listener(data);
}
