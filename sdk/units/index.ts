/** The unit that every number's name ends in, and numbers parsed from and shown to people. */
export { counted } from "./counted.ts";
export { UnitsError } from "./errors.ts";
export { escapeHtml } from "./escape.ts";
export { labelOf } from "./label.ts";
export { formatIn, formatInterval, formatQuantity, parseQuantity, type Interval } from "./quantity.ts";
export { scaleOf, unitOf, type Scale, type UnitWord } from "./unit.ts";
