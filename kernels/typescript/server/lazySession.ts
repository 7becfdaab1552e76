import type { Session } from "../session/session.ts";

/** A session that starts when it is first needed: a kernel answers long before TypeScript is loaded. */
export interface LazySession {
  /** The session, started by the first call. */
  ready(): Promise<Session>;
  /** Uses the session if there is one already. */
  ifStarted(use: (session: Session) => void): void;
  /** Ends the session, if there is one. */
  close(): Promise<void>;
}

/** A session that is yet to start. */
export function createLazySession(start: () => Promise<Session>): LazySession {
  let started: Promise<Session> | null = null;
  return {
    ready: () => (started ??= start()),
    ifStarted(use) {
      started?.then(use, () => undefined);
    },
    async close() {
      const session = await started?.catch(() => null);
      await session?.close();
    },
  };
}
