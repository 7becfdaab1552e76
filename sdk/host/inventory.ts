import { formatQuantity } from "../units/index.ts";
import { absent, found, type Reading } from "./reading.ts";

/** A GPU, a disk or a network interface by its name, and what else is known of it. */
export interface InventoryItem {
  readonly name: string;
  readonly detail: string;
}

/** What is built into this host, as the systeminformation library lists it. */
export interface Inventory {
  readonly gpus: Reading<readonly InventoryItem[]>;
  readonly disks: Reading<readonly InventoryItem[]>;
  readonly interfaces: Reading<readonly InventoryItem[]>;
}

const joined = (...words: (string | null | undefined)[]) =>
  words.filter((word) => word !== null && word !== undefined && word !== "").join(", ");

/** What the library lists, or why it lists nothing. */
async function listed(
  noun: string,
  ask: () => Promise<readonly InventoryItem[]>,
): Promise<Reading<readonly InventoryItem[]>> {
  try {
    const items = await ask();
    return items.length > 0 ? found(items) : absent(`systeminformation lists no ${noun} here`);
  } catch (error) {
    return absent(`systeminformation failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * The GPUs, disks and network interfaces of this machine, each list or the reason why there is none. A recorded machine cannot
 * be asked.
 * @see https://systeminformation.io
 */
export async function readInventory(root: string): Promise<Inventory> {
  if (root !== "/") {
    const recorded = absent("a recorded machine cannot be asked by systeminformation");
    return { gpus: recorded, disks: recorded, interfaces: recorded };
  }
  const library = import("systeminformation").then((loaded) => loaded.default);
  const bytesText = (bytes: number | null) => (bytes === null || bytes === 0 ? null : formatQuantity(bytes, "bytes"));
  const [gpus, disks, interfaces] = await Promise.all([
    listed("GPU", async () => {
      const { controllers } = await (await library).graphics();
      return controllers.map(({ vendor, model, vram }) => ({
        name: model || vendor,
        detail: joined(model === "" ? null : vendor, bytesText(vram === null ? null : vram * 2 ** 20)),
      }));
    }),
    listed("disk", async () => {
      const devices = await (await library).blockDevices();
      const disks = devices.filter(({ type }) => type === "disk");
      return disks.map(({ name, size, physical, model }) => ({
        name,
        // A hypervisor says of its disks what it likes.
        detail: joined(bytesText(size), /^x?vd/.test(name) ? "virtual" : physical, model),
      }));
    }),
    listed("network interface", async () => {
      const all = [await (await library).networkInterfaces()].flat();
      return all
        .filter(({ internal }) => !internal)
        .map(({ iface, operstate, speed }) => ({
          name: iface,
          detail: joined(operstate, speed !== null && speed > 0 ? `${speed} Mbit/s` : null),
        }));
    }),
  ]);
  return { gpus, disks, interfaces };
}
