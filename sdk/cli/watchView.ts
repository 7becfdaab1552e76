import { Writable } from "node:stream";
import { openUsageReader, usageBetween, type UsageSnapshot } from "../launch/index.ts";
import { readThrottling, type Throttling } from "../measure/index.ts";
import { formatUsage, formatUsageLines, type Watched, type WatchedInstance } from "./usageText.ts";

/** Where text goes: a terminal tells its size. */
type Target = Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number };

/** Where and how often the view is drawn. */
export interface WatchOptions {
  /** Default: standard error. */
  readonly target?: Target;
  /** Default: 1 on a terminal, where the picture is drawn in place, and 5 elsewhere, where lines are added. */
  readonly refreshSeconds?: number;
}

/** A view that is drawn until it is disposed of; the last picture stays. */
export interface WatchView extends Disposable {
  /**
   * Where lines for this target are to be written while the view is shown. On a terminal they appear above the picture
   * with the next refresh, in the order of writing; a target that is no terminal gets them at once.
   */
  above(target: Target): Writable;
}

type Snapshot = UsageSnapshot & Throttling;

/**
 * Shows what the instances use, and what the machine's nodes and the CPU quota did meanwhile, from the second reading on.
 * Between two refreshes nothing is read or drawn. The instances are asked for anew each time, as a restart changes them.
 */
export function watchLaunch(
  instances: () => readonly WatchedInstance[],
  { target = process.stderr, refreshSeconds = target.isTTY ? 1 : 5 }: WatchOptions = {},
): WatchView {
  const readUsage = openUsageReader();
  const picture = target.isTTY ? openPicture(target) : null;
  let before: Snapshot | null = null;
  let timer: NodeJS.Timeout | null = null;
  let isShown = true;
  const refresh = async (): Promise<void> => {
    const watched = instances();
    const usage = await readUsage(watched.map(({ processId }) => processId));
    if (!isShown) return;
    const after = { ...usage, ...readThrottling("/") };
    if (before !== null) {
      const change = changeOf(before, after);
      if (picture === null) target.write(`${formatUsageLines(change, watched)}\n`);
      else picture.draw(formatUsage(change, watched));
    }
    before = after;
    timer = setTimeout(() => void refresh(), refreshSeconds * 1000).unref();
  };
  void refresh();
  return {
    above: (to) => (picture !== null && to.isTTY ? picture.above(to) : to),
    [Symbol.dispose]() {
      isShown = false;
      if (timer !== null) clearTimeout(timer);
      picture?.close();
    },
  };
}

function changeOf(before: Snapshot, after: Snapshot): Watched {
  const [earlier, later] = [before.throttledSeconds, after.throttledSeconds];
  const throttledSeconds = earlier === null || later === null ? null : later - earlier;
  return { ...usageBetween(before, after), throttledSeconds };
}

interface Picture {
  draw(text: string): void;
  above(to: Writable): Writable;
  /** Shows what is still to be shown above, and leaves the picture. */
  close(): void;
}

/** The last lines of a terminal, drawn anew in place; what is said meanwhile waits for the next drawing. */
function openPicture(terminal: Target): Picture {
  const waiting: { readonly to: Writable; readonly text: unknown }[] = [];
  let lines: readonly string[] = [];
  let isOpen = true;
  const draw = (next: readonly string[]): void => {
    if (lines.length > 0) terminal.write(`\x1b[${lines.length}F\x1b[J`);
    for (const { to, text } of waiting.splice(0)) to.write(text);
    if (next.length > 0) terminal.write(`${next.join("\n")}\n`);
    lines = next;
  };
  return {
    draw(text) {
      // A line that wraps, or one above the first row, could not be found again.
      const { columns = 80, rows = 24 } = terminal;
      draw(
        text
          .split("\n")
          .slice(0, rows - 1)
          .map((line) => line.slice(0, columns - 1)),
      );
    },
    above: (to) =>
      new Writable({
        decodeStrings: false,
        write(text: unknown, _, done) {
          if (isOpen) waiting.push({ to, text });
          else to.write(text);
          done();
        },
      }),
    close() {
      if (waiting.length > 0) draw(lines);
      isOpen = false;
    },
  };
}
