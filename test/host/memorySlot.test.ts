import { expect, test } from "vitest";
import { channelOf } from "../../sdk/host/memorySlot.ts";

test.each([
  ["DIMM_A1", "", "P0 A"],
  ["CPU1_DIMM_A1", "NODE 1", "P1 A"],
  ["P1-DIMMB2", "P0_Node0_Channel1_Dimm1", "P1 1"],
  ["DIMM 0", "P0 CHANNEL A", "P0 A"],
  ["Controller1-ChannelB-DIMM0", "BANK 0", "P0 MC1 B"],
  ["PROC 2 DIMM 7", "", null],
  ["RAM slot #0", "", null],
  ["", "", null],
])("slot %j in bank %j is on channel %s", (locator, bank, channel) => {
  expect(channelOf(locator, bank)).toBe(channel);
});
