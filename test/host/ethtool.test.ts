import { expect, test } from "vitest";
import { parseChannels, parseOffloads } from "../../sdk/host/ethtool.ts";

test("offloads are read from what ethtool prints", () => {
  const text =
    "Features for eth0:\nrx-checksumming: on [fixed]\ngeneric-receive-offload: on\nlarge-receive-offload: off [fixed]\n";
  expect(parseOffloads(text)).toEqual({ lro: { isOn: false, isFixed: true }, gro: { isOn: true, isFixed: false } });
});

test("an offload that the driver does not name is null", () => {
  expect(parseOffloads("Features for lo:\n")).toEqual({ lro: null, gro: null });
});

test("queues are read from what ethtool prints, without the kinds that the driver does not have", () => {
  const half = (combined: string) => `RX:\t\tn/a\nTX:\t\tn/a\nOther:\t\tn/a\nCombined:\t${combined}\n`;
  const text = `Channel parameters for eth0:\nPre-set maximums:\n${half("8")}Current hardware settings:\n${half("2")}`;
  expect(parseChannels(text)).toEqual({ combined: { nowCount: 2, mostCount: 8 } });
  expect(parseChannels(text.replaceAll("RX:\t\tn/a", "RX:\t\t4"))).toMatchObject({ rx: { nowCount: 4, mostCount: 4 } });
  expect(parseChannels("netlink error: Operation not supported\n")).toEqual({});
});
