import type { MachinePart } from "./topologyTree.ts";

/** A rectangle in pixels, y downwards. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A part of the machine with its place; `depth` counts the parts around it. */
export interface PlacedPart extends Rectangle {
  readonly part: MachinePart;
  readonly depth: number;
}

/** A PU with its place. */
export interface PlacedPu extends Rectangle {
  readonly puIndex: number;
}

/** A machine drawn to size. */
export interface MachineDrawing {
  readonly width: number;
  readonly height: number;
  readonly parts: readonly PlacedPart[];
  readonly pus: readonly PlacedPu[];
}

/** Lengths in pixels; `corePad` is around the PUs of a core, `pad` around all else. */
export const lengths = { gap: 4, pad: 4, corePad: 2, label: 20, letter: 6.6, puHeight: 20 } as const;

const puWidths = [56, 44, 34, 28, 22] as const;
const roomyHeight = 520;
/** A grid without a hole may be this much higher than the lowest one. */
const heightOfNeatness = 4 / 3;

/** A part measured: the least room it needs, and its inside. */
interface Block {
  readonly part: MachinePart;
  readonly width: number;
  readonly height: number;
  readonly inside: Grid | null;
}

/** Blocks in rows, each column as wide and each row as high as its largest block. */
interface Grid {
  readonly width: number;
  readonly height: number;
  readonly columnWidths: readonly number[];
  readonly rowHeights: readonly number[];
  readonly blocks: readonly Block[];
}

const holdsPus = ({ kind }: MachinePart) => kind === "core" || kind === "rest";
const padOf = (part: MachinePart) => (holdsPus(part) ? lengths.corePad : lengths.pad);
const headOf = (part: MachinePart) => (part.label === "" ? padOf(part) : lengths.label);
const extent = (sizes: readonly number[]) => sizes.reduce((total, size) => total + size + lengths.gap, 0);
const indexes = (count: number) => Array.from({ length: count }, (_, at) => at);

function gridOf(blocks: readonly Block[], columnsCount: number): Grid {
  const largest = (sizes: readonly number[]) => Math.max(...sizes);
  const columnWidths = indexes(columnsCount).map((column) =>
    largest(blocks.filter((_block, at) => at % columnsCount === column).map(({ width }) => width)),
  );
  const rowHeights = indexes(Math.ceil(blocks.length / columnsCount)).map((row) =>
    largest(blocks.slice(row * columnsCount, (row + 1) * columnsCount).map(({ height }) => height)),
  );
  const [width, height] = [extent(columnWidths) - lengths.gap, extent(rowHeights) - lengths.gap];
  return { width: Math.max(0, width), height: Math.max(0, height), columnWidths, rowHeights, blocks };
}

function leastOf(grids: readonly Grid[], side: "width" | "height"): Grid | undefined {
  return grids.toSorted((a, b) => a[side] - b[side])[0];
}

/** The lowest grid no wider than `room`, rather a full rectangle if that is not much higher; the narrowest if none fits. */
function arrange(parts: readonly MachinePart[], room: number, puWidth: number): Grid {
  const columnCounts = [...new Set(parts.map((_part, at) => Math.ceil(parts.length / (at + 1))))];
  const grids = columnCounts.map((count) => {
    const share = (room + lengths.gap) / count - lengths.gap;
    return gridOf(
      parts.map((part) => blockOf(part, share, puWidth)),
      count,
    );
  });
  const fitting = grids.filter(({ width }) => width <= room);
  const lowest = leastOf(fitting, "height") ?? leastOf(grids, "width") ?? gridOf([], 0);
  const full = fitting.filter(({ blocks, columnWidths }) => blocks.length % columnWidths.length === 0);
  return (
    leastOf(
      full.filter(({ height }) => height <= heightOfNeatness * lowest.height),
      "height",
    ) ?? lowest
  );
}

function blockOf(part: MachinePart, room: number, puWidth: number): Block {
  const pad = padOf(part);
  const frame = headOf(part) + pad;
  const labelWidth = part.label.length * lengths.letter + 2 * pad;
  if (holdsPus(part)) {
    const width = Math.max(part.cpus.length * puWidth + 2 * pad, labelWidth);
    return { part, width, height: frame + lengths.puHeight, inside: null };
  }
  const inside = arrange(part.parts, room - 2 * pad, puWidth);
  return { part, width: Math.max(inside.width + 2 * pad, labelWidth), height: frame + inside.height, inside };
}

/** The cells of a grid, with what its place is wider than it needs shared among the columns. */
function cellsOf({ columnWidths, rowHeights, blocks, width }: Grid, place: Rectangle) {
  const extra = blocks.some(({ part }) => holdsPus(part)) ? 0 : Math.max(0, place.width - width) / columnWidths.length;
  const widths = columnWidths.map((least) => least + extra);
  return blocks.map((block, at) => {
    const [column, row] = [at % widths.length, Math.floor(at / widths.length)];
    const x = place.x + extent(widths.slice(0, column));
    const y = place.y + extent(rowHeights.slice(0, row));
    const stretched = { width: widths[column] ?? block.width, height: rowHeights[row] ?? block.height };
    return {
      block,
      place: { x, y, ...(holdsPus(block.part) ? { width: block.width, height: block.height } : stretched) },
    };
  });
}

function pusOf(part: MachinePart, place: Rectangle, puWidth: number): readonly PlacedPu[] {
  if (!holdsPus(part)) return [];
  const y = place.y + headOf(part);
  return part.cpus.map((puIndex, order) => ({
    puIndex,
    x: place.x + lengths.corePad + order * puWidth,
    y,
    width: puWidth,
    height: lengths.puHeight,
  }));
}

function drawingOf(machine: readonly MachinePart[], room: number, puWidth: number): MachineDrawing {
  const parts: PlacedPart[] = [];
  const pus: PlacedPu[] = [];
  const drawGrid = (grid: Grid, place: Rectangle, depth: number) => {
    for (const cell of cellsOf(grid, place)) drawBlock(cell.block, cell.place, depth);
  };
  const drawBlock = ({ part, inside }: Block, place: Rectangle, depth: number) => {
    parts.push({ part, depth, ...place });
    pus.push(...pusOf(part, place, puWidth));
    const [x, y] = [place.x + lengths.pad, place.y + headOf(part)];
    if (inside !== null)
      drawGrid(inside, { x, y, width: place.width - 2 * lengths.pad, height: inside.height }, depth + 1);
  };
  const { width, height, ...grid } = arrange(machine, room, puWidth);
  drawGrid({ width, height, ...grid }, { x: 0, y: 0, width, height }, 0);
  return { width, height, parts, pus };
}

/** The parts of a machine drawn in a given width, with the PUs as large as a page of text has room for. */
export function drawMachine(machine: readonly MachinePart[], width: number): MachineDrawing {
  const drawings = puWidths.map((puWidth) => drawingOf(machine, width, puWidth));
  const roomy = drawings.find((drawing) => drawing.width <= width && drawing.height <= roomyHeight);
  return roomy ?? drawingOf(machine, width, Math.min(...puWidths));
}
