// A program on node-llama-cpp's public calls only: loads a model, makes a context, and decodes so many tokens.
import { getLlama, LlamaLogLevel } from "node-llama-cpp";

const { modelPath, threadsCount, tokensCount = 0, contextTokensCount = 1024 } = JSON.parse(process.argv[2]);

/** Tokens a second, from the first to the last. */
async function timeDecode(sequence) {
  let count = 0;
  let startedAt = 0;
  for await (const _ of sequence.evaluate([1], { yieldEogToken: true })) {
    if (count === 0) startedAt = performance.now();
    if (count++ === tokensCount) break;
  }
  return (tokensCount * 1000) / (performance.now() - startedAt);
}

const llama = await getLlama({ gpu: false, build: "never", logLevel: LlamaLogLevel.error });
const model = await llama.loadModel({ modelPath });
const threads = { ideal: threadsCount, min: threadsCount };
const context = await model.createContext({ contextSize: contextTokensCount, sequences: 1, threads });
const figures = tokensCount > 0 ? { decode: await timeDecode(context.getSequence()) } : { ready: true };
process.stdout.write(`${JSON.stringify(figures)}\n`, () => process.exit(0));
