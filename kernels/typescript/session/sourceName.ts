/** What errors call a text by its number: `In[3]` a cell, `Expression[3]` an expression evaluated after it. */
export function sourceName(executionCount: number, kind: "In" | "Expression" = "In"): string {
  return `${kind}[${executionCount}]`;
}
