/** The part of Node's inside that knows which asynchronous contexts are entered. */
interface AsyncWrap {
  readonly async_hook_fields: Uint32Array;
  readonly async_id_fields: Float64Array;
  readonly constants: Readonly<Record<string, number>>;
}

/** Null in a Node that has no such part, which then cannot complain of it either. */
function asyncWrapOf(): AsyncWrap | null {
  const binding = Reflect.get(process, "binding") as (name: string) => AsyncWrap;
  const { noDeprecation } = process;
  try {
    process.noDeprecation = true; // there is no other way to it
    return binding("async_wrap");
  } catch {
    return null;
  } finally {
    process.noDeprecation = noDeprecation ?? false;
  }
}

const asyncWrap = asyncWrapOf();

/**
 * Tells Node that all asynchronous contexts are left. V8 is about to end everything that runs without calling what would leave them,
 * and Node aborts when it finds itself in one at the top of its event loop.
 */
export function leaveAsyncContexts(): void {
  if (asyncWrap === null) return;
  const { async_hook_fields: hooks, async_id_fields: ids, constants } = asyncWrap;
  hooks[constants["kStackLength"] ?? 0] = 0;
  ids[constants["kExecutionAsyncId"] ?? 0] = 0;
  ids[constants["kTriggerAsyncId"] ?? 0] = 0;
}
