import { EngineError } from "../errors.ts";
import type { ChatRequest } from "../protocol.ts";
import type { Session } from "./llamaSession.ts";

/** The prompt that the model's own template makes of messages, as llama.cpp knows its form. */
export function formatChat({ llama, chatTemplate }: Session, { messages, isAnswered }: ChatRequest): string {
  if (chatTemplate === null) {
    const message =
      "This model file has no chat template. Use a model made for conversations, or write the whole prompt yourself.";
    throw new EngineError("not-supported", message);
  }
  const chat = messages.map(({ role, content }) => ({ role, content }));
  const apply = (text: Buffer): number =>
    llama.llama_chat_apply_template(chatTemplate, chat, chat.length, isAnswered, text, text.length);
  const bytes = apply(Buffer.alloc(0));
  if (bytes < 0) {
    const message = `llama.cpp does not know the form of this model's chat template, which begins "${chatTemplate.slice(0, 60)}". Write the whole prompt yourself.`;
    throw new EngineError("not-supported", message, { facts: { chatTemplate } });
  }
  const text = Buffer.alloc(bytes);
  apply(text);
  return text.toString("utf8");
}
