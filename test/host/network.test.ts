import { expect, test } from "vitest";
import { parseOffloads } from "../../sdk/host/network.ts";

test("offloads are read from what ethtool prints", () => {
  const text =
    "Features for eth0:\nrx-checksumming: on [fixed]\ngeneric-receive-offload: on\nlarge-receive-offload: off [fixed]\n";
  expect(parseOffloads(text)).toEqual({ lro: { isOn: false, isFixed: true }, gro: { isOn: true, isFixed: false } });
});

test("an offload that the driver does not name is null", () => {
  expect(parseOffloads("Features for lo:\n")).toEqual({ lro: null, gro: null });
});
