import koffi from "koffi";

const logCallback = koffi.proto("void llama_log_callback(int level, const char *text, void *data)");

/** What collects the lines that the engine logs during a call, and passes them on. */
export function logCollectorOf(llama: ReturnType<typeof koffi.load>): (call: () => void) => string[] {
  const setLog = llama.func("void llama_log_set(llama_log_callback *callback, void *data)") as (
    callback: unknown,
    data: null,
  ) => void;
  return (call) => {
    const lines: string[] = [];
    const callback = koffi.register((_: number, text: string) => {
      lines.push(text);
      process.stderr.write(text);
    }, koffi.pointer(logCallback));
    setLog(callback, null);
    try {
      call();
    } finally {
      setLog(null, null);
      koffi.unregister(callback);
    }
    return lines;
  };
}
