import type { MimeBundle } from "../cell.ts";
import type { Display, DisplayHandle, DisplayOptions } from "../globals.ts";
import { bundleOf, encodeBundle } from "./bundle.ts";
import { currentCellId } from "./cellContext.ts";
import { reportUncaught } from "./cellError.ts";
import { freshId } from "./freshId.ts";
import { tell } from "./outbox.ts";

/** One showing of a value. */
interface Showing {
  readonly value: unknown;
  readonly displayId: string;
  readonly isUpdate: boolean;
  readonly options: DisplayOptions;
}

/** What cells have shown whose forms are still being made, by cell. */
const pending = new Map<number, Set<Promise<void>>>();
const pendingOfDisplay = new Map<string, Promise<void>>();

function tellShown({ displayId, isUpdate, options }: Showing, cellId: number, data: MimeBundle): void {
  tell({
    kind: "event",
    cellId,
    event: { kind: "display", data, metadata: options.metadata ?? {}, displayId, isUpdate },
  });
}

function show(showing: Showing): void {
  const cellId = currentCellId();
  const { value, displayId, options } = showing;
  const bundle = options.raw === true ? encodeBundle(value) : bundleOf(value);
  const earlier = pendingOfDisplay.get(displayId);
  if (bundle instanceof Promise || earlier !== undefined) showLater(showing, cellId, Promise.all([bundle, earlier]));
  else tellShown(showing, cellId, bundle);
}

/** Shows a value once its forms are made, and what was shown in its place before is told. */
function showLater(showing: Showing, cellId: number, ready: Promise<readonly [MimeBundle, ...unknown[]]>): void {
  const { displayId } = showing;
  const shown = ready.then(([data]) => {
    tellShown(showing, cellId, data);
  }, reportUncaught);
  const ofCell = pending.get(cellId) ?? new Set();
  pending.set(cellId, ofCell.add(shown));
  pendingOfDisplay.set(displayId, shown);
  void shown.then(() => {
    ofCell.delete(shown);
    if (pendingOfDisplay.get(displayId) === shown) pendingOfDisplay.delete(displayId);
  });
}

/** Resolves when everything that a cell showed has been told. */
export async function displaysOf(cellId: number): Promise<void> {
  while ((pending.get(cellId)?.size ?? 0) > 0) await Promise.all([...(pending.get(cellId) ?? [])]);
  pending.delete(cellId);
}

/** Whether forms of something that a cell shows are still being made. */
export function isShowing(cellId: number): boolean {
  return (pending.get(cellId)?.size ?? 0) > 0;
}

const handles = new WeakSet<DisplayHandle>();

/** Whether a value is what `display` gave back: what it shows is there already. */
export function isDisplayHandle(value: unknown): boolean {
  return handles.has(value as DisplayHandle);
}

function displayValue(value: unknown, options: DisplayOptions = {}): DisplayHandle {
  const displayId = options.displayId ?? freshId();
  show({ value, displayId, isUpdate: false, options });
  const handle: DisplayHandle = {
    displayId,
    update: (next, nextOptions = {}) => {
      show({ value: next, displayId, isUpdate: true, options: nextOptions });
    },
  };
  handles.add(handle);
  return handle;
}

const displayAs = (type: string) => (content: unknown) => displayValue({ [type]: content }, { raw: true });

/** The global `display`. */
export const display: Display = Object.assign(displayValue, {
  html: displayAs("text/html"),
  svg: displayAs("image/svg+xml"),
  markdown: displayAs("text/markdown"),
  json: displayAs("application/json"),
});
