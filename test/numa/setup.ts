import type { TestProject } from "vitest/node";
import { arm64Image, type GuestImage, x64Image } from "./image/image.ts";

declare module "vitest" {
  interface ProvidedContext {
    guestImages: Readonly<Record<"x64" | "arm64", GuestImage>>;
  }
}

/** Makes what the emulated machines boot, once for all tests. */
export default function provideImages(project: TestProject): void {
  project.provide("guestImages", { x64: x64Image(), arm64: arm64Image() });
}
