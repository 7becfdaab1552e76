import { expect, test } from "vitest";
import { describeGuest } from "./describeGuest.ts";

describeGuest(
  {
    name: "four nodes of processors without AVX2",
    scenario: "oldProcessor",
    processor: "SandyBridge",
    processors: "8,sockets=4,cores=2,threads=1",
    nodes: ["0-1", "2-3", "4-5", "6-7"].map((cpus) => ({ cpus, mebibytes: 512 })),
  },
  ({ fact, expectBound, expectTold }) => {
    test("it has AVX only", () => {
      const { isaFlags } = fact("probe") as { isaFlags: string[] };
      expect(["avx", "avx2", "fma", "f16c"].filter((flag) => isaFlags.includes(flag))).toEqual(["avx"]);
    });

    test("the engine computes with the library for such processors", () => {
      expect(fact("engine")).toMatchObject({
        facts: { driver: "llama", computeLibrary: "libggml-cpu-sandybridge.so", warnings: [] },
        decoded: { tokensCount: 4 },
      });
    });

    test("the engine writes text", () => {
      expect(fact("engine")).toMatchObject({ generation: { timeline: { tokensCount: 4 } } });
    });

    test("every thread and page of the engine is on its node", () => {
      expectBound("engine");
    });

    test("the proof tells of an engine on another node", () => {
      expectTold("wrong engine");
    });
  },
);
