import type { TestProject } from "vitest/node";
import { type GuestImage, guestImage } from "./image/image.ts";

declare module "vitest" {
  interface ProvidedContext {
    guestImage: GuestImage;
  }
}

/** Makes what the emulated machines boot, once for all tests. */
export default function provideImage(project: TestProject): void {
  project.provide("guestImage", guestImage());
}
