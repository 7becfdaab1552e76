import fc from "fast-check";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  addressOf,
  formatConnection,
  parseConnection,
  readConnection,
  type Connection,
} from "../../../../kernels/typescript/protocol/connection.ts";

const port = fc.integer({ min: 1, max: 65535 });
const connection: fc.Arbitrary<Connection> = fc.record({
  transport: fc.constantFrom("tcp", "ipc"),
  ip: fc.string({ minLength: 1 }),
  key: fc.string(),
  ports: fc.record({ shell: port, control: port, stdin: port, iopub: port, hb: port }),
});

const fields = {
  ...{ transport: "tcp", ip: "127.0.0.1", key: "k", signature_scheme: "hmac-sha256" },
  ...{ shell_port: 1, control_port: 2, stdin_port: 3, iopub_port: 4, hb_port: 5 },
};
const parse = (changes: object) => parseConnection(JSON.stringify({ ...fields, ...changes }), "c.json");

test("a connection that is written and read is the same", () => {
  fc.assert(
    fc.property(connection, (value) => {
      expect(parseConnection(formatConnection(value))).toEqual(value);
    }),
  );
});

test("an address is a port of a host, or a path", () => {
  expect(addressOf(parse({}), "iopub")).toBe("tcp://127.0.0.1:4");
  expect(addressOf(parse({ transport: "ipc", ip: "/tmp/k" }), "hb")).toBe("ipc:///tmp/k-5");
});

test("a file that is not there is named", () => {
  const path = join(import.meta.dirname, "absent.json");
  expect(() => readConnection(path)).toThrow(expect.objectContaining({ code: "connection-missing" }));
  expect(() => readConnection(path)).toThrow(path);
});

test.for([
  ["{", "connection-malformed", "JSON"],
  ["[]", "connection-malformed", "no JSON object"],
  [JSON.stringify({ ...fields, ip: 7 }), "connection-malformed", '"ip" is 7'],
  [JSON.stringify({ ...fields, key: null }), "connection-malformed", '"key" is null'],
  [JSON.stringify({ ...fields, hb_port: 70000 }), "connection-malformed", '"hb_port" is 70000'],
  [JSON.stringify({ ...fields, shell_port: undefined }), "connection-malformed", '"shell_port" is missing'],
  [JSON.stringify({ ...fields, transport: "udp" }), "unknown-transport", '"udp"'],
  [JSON.stringify({ ...fields, signature_scheme: "hmac-md5" }), "unknown-signature-scheme", '"hmac-md5"'],
] as const)("%s is refused as %s", ([text, code, found]) => {
  expect(() => parseConnection(text)).toThrow(expect.objectContaining({ code }));
  expect(() => parseConnection(text)).toThrow(found);
});
