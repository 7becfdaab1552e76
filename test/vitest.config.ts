import { defineConfig } from "vitest/config";

const root = new URL("..", import.meta.url).pathname;
const common = { root, environment: "node" as const };
const source = { resolve: { conditions: ["source"] }, ssr: { resolve: { conditions: ["source", "node"] } } };

/** One project a tier. `check` and `machines` read the sources; `engine` and `kernel` use the built package, as a user does. */
export default defineConfig({
  test: {
    projects: [
      {
        ...source,
        test: {
          ...common,
          name: "check",
          testTimeout: 30_000, // a loaded machine is slow, not wrong
          include: ["test/**/*.test.ts"],
          exclude: ["test/**/*.{engine,machines,kernel,numa}.test.ts", "**/node_modules/**"],
          isolate: false, // a module is loaded once, not once a file: less than half the time
        },
      },
      {
        ...source,
        test: { ...common, name: "machines", include: ["test/**/*.machines.test.ts"], testTimeout: 60_000 },
      },
      {
        test: {
          ...common,
          name: "engine",
          include: ["test/**/*.engine.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          ...common,
          name: "kernel",
          include: ["test/**/*.kernel.test.ts"],
          testTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          ...common,
          name: "numa",
          include: ["test/**/*.numa.test.ts"],
          globalSetup: ["test/numa/setup.ts"],
          hookTimeout: 250_000,
          maxWorkers: 2, // an emulated machine takes a whole CPU and more
        },
      },
    ],
  },
});
