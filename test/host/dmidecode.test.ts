import { expect, test } from "vitest";
import { parseDmidecode } from "../../sdk/host/dmidecode.ts";

const text = `# dmidecode 3.4
Getting SMBIOS data from sysfs.

Handle 0x0010, DMI type 16, 23 bytes
Physical Memory Array
\tLocation: System Board Or Motherboard
\tUse: System Memory
\tError Correction Type: Multi-bit ECC
\tNumber Of Devices: 2

Handle 0x0011, DMI type 17, 92 bytes
Memory Device
\tArray Handle: 0x0010
\tSize: 32 GB
\tLocator: DIMM_A1
\tBank Locator: P0 CHANNEL A
\tType: DDR4
\tSpeed: 3200 MT/s
\tConfigured Memory Speed: 2933 MT/s

Handle 0x0012, DMI type 17, 92 bytes
Memory Device
\tSize: No Module Installed
\tLocator: DIMM_B1
\tBank Locator: P0 CHANNEL B
\tType: Unknown
\tSpeed: Unknown
`;

test("the slots that dmidecode prints are read", () => {
  expect(parseDmidecode(text)).toEqual({
    hasErrorCorrection: true,
    slots: [
      {
        locator: "DIMM_A1",
        bank: "P0 CHANNEL A",
        channel: "P0 A",
        type: "DDR4",
        sizeBytes: 32 * 2 ** 30,
        ratedTransfersPerSecond: 3.2e9,
        configuredTransfersPerSecond: 2.933e9,
      },
      {
        locator: "DIMM_B1",
        bank: "P0 CHANNEL B",
        channel: "P0 B",
        type: null,
        sizeBytes: null,
        ratedTransfersPerSecond: null,
        configuredTransfersPerSecond: null,
      },
    ],
  });
});

test("text without a memory device has no slots", () => {
  expect(parseDmidecode("# No SMBIOS nor DMI entry point found, sorry.\n")).toEqual({
    slots: [],
    hasErrorCorrection: null,
  });
});
