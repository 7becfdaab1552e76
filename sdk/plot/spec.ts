/** A value that JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** One plotly trace: its type, and that type's attributes. */
export interface Trace {
  readonly type: string;
  readonly [attribute: string]: Json;
}

/** What plotly draws: plain data, ready for JSON. The attributes are those of the plotly reference. */
export interface FigureSpec {
  readonly data: readonly Trace[];
  readonly layout: { readonly [attribute: string]: Json };
  readonly config?: { readonly [attribute: string]: Json };
}
