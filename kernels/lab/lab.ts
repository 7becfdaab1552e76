/** Who starts JupyterLab, and from where. */
export interface LabUser {
  readonly isRoot: boolean;
  /** Whether the person sits at another machine, where no browser can be opened from here. */
  readonly isRemote: boolean;
}

/** The words after `jupyter-lab`. */
export function labArguments(given: readonly string[], { isRoot, isRemote }: LabUser): string[] {
  return [
    "--ServerApp.answer_yes=True", // Ctrl-C asks nothing
    ...(isRoot ? ["--allow-root"] : []),
    ...(isRemote && !given.includes("--no-browser") ? ["--no-browser"] : []),
    ...given,
  ];
}

/**
 * The address, token included, that the last lines of JupyterLab's start tell for a browser on the same machine; null in
 * any other part of its log.
 */
export function labUrlIn(log: string): URL | null {
  const found = /^ +(https?:\/\/(?:127\.0\.0\.1|localhost|\[::1\]):\d+\/\S*)/m.exec(log);
  return found?.[1] === undefined ? null : new URL(found[1]);
}

/** What to open, here and from another machine. */
export function welcomeOf(url: URL, host: string): string {
  const { protocol, port, pathname, search } = url;
  return `
JupyterLab runs on ${host}: ${protocol}//localhost:${port}${pathname}${search}
From another machine, first: ssh -L ${port}:localhost:${port} ${host}
Ctrl-C ends it, and every kernel with it.

`;
}
