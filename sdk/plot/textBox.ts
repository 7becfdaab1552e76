/** The part of the DOM that measuring needs. */
export interface SvgElement {
  readonly tagName: string;
  readonly textContent: string;
  readonly parentElement: SvgElement | null;
  readonly style: { readonly fontSize: string; readonly textAnchor: string };
  getAttribute(name: string): string | null;
  matches(selector: string): boolean;
  closest(selector: string): SvgElement | null;
  querySelectorAll(selector: string): Iterable<SvgElement>;
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** What one letter of a sans-serif font takes on average, and lines take, in units of the font size. */
const em = { width: 0.57, above: 0.95, below: 0.25, line: 1.3 } as const;
/** What of a text lies left of its anchor. */
const leftOfAnchor: Readonly<Record<string, number>> = { start: 0, middle: 0.5, end: 1 };

function numberOf(text: string | null | undefined, otherwise = 0): number {
  const value = Number.parseFloat(text ?? "");
  return Number.isNaN(value) ? otherwise : value;
}

function fontSizeOf(text: SvgElement): number {
  return numberOf(text.style.fontSize || text.closest("[style*=font-size]")?.style.fontSize, 12);
}

/** The length of a text in pixels, guessed from the number of its letters. */
export function textLengthOf(text: SvgElement): number {
  return text.textContent.length * fontSizeOf(text) * em.width;
}

/** The box of a text element in its own coordinates. */
function boxOfText(text: SvgElement): Box {
  const size = fontSizeOf(text);
  const lines = [...text.querySelectorAll("tspan.line")];
  const width = Math.max(...(lines.length > 0 ? lines : [text]).map(textLengthOf));
  const anchor = text.style.textAnchor || text.closest("[text-anchor]")?.getAttribute("text-anchor");
  const left = numberOf(text.getAttribute("x")) - (leftOfAnchor[anchor ?? "start"] ?? 0) * width;
  const baseline = numberOf(text.getAttribute("y"));
  const further = Math.max(0, lines.length - 1) * em.line;
  return { left, top: baseline - em.above * size, right: left + width, bottom: baseline + (em.below + further) * size };
}

function around(points: readonly (readonly [number, number])[]): Box {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

function corners({ left, top, right, bottom }: Box): readonly (readonly [number, number])[] {
  return [
    [left, top],
    [right, top],
    [left, bottom],
    [right, bottom],
  ];
}

function rotated(box: Box, degrees: number, [x, y]: readonly [number, number]): Box {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return around(
    corners(box).map(([px, py]) => [x + (px - x) * cos - (py - y) * sin, y + (px - x) * sin + (py - y) * cos]),
  );
}

/** A box after the translations and rotations of a `transform` attribute, the last of which applies first. */
function transformed(box: Box, transform: string): Box {
  const steps = [...transform.matchAll(/(translate|rotate)\(([^)]*)\)/g)].reverse();
  return steps.reduce((at, [, name, list = ""]) => {
    const [first = 0, x = 0, y = 0] = list.split(/[\s,]+/).map(Number);
    if (name === "rotate") return rotated(at, first, [x, y]);
    return around(corners(at).map(([px, py]) => [px + first, py + x]));
  }, box);
}

/** A box of `element` in the coordinates inside `top`. */
function lifted(box: Box, element: SvgElement | null, top: SvgElement | null): Box {
  if (element === null || element === top) return box;
  return lifted(transformed(box, element.getAttribute("transform") ?? ""), element.parentElement, top);
}

/** The rectangle around all text of an element, in the coordinates inside `top`, or of the document where it is null. */
export function textBoxOf(element: SvgElement, top: SvgElement | null) {
  const texts = element.matches("text") ? [element] : [...element.querySelectorAll("text")];
  const boxes = texts
    .filter((text) => text.textContent.trim() !== "")
    .map((text) => lifted(boxOfText(text), text, top));
  const box = boxes.length === 0 ? around([[0, 0]]) : around(boxes.flatMap(corners));
  return { ...box, x: box.left, y: box.top, width: box.right - box.left, height: box.bottom - box.top };
}
