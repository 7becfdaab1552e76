/** How Node is told to keep a kernel small while it passes on much output: a larger young heap only grows it. */
const nodeFlags = ["--max-semi-space-size=4"];

/** The words that start our kernel, as a kernelspec gives them. */
export function kernelArgv({ node, main }: { readonly node: string; readonly main: string }): string[] {
  return [node, ...nodeFlags, main, "{connection_file}"];
}
