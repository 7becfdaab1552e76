import { chmodSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { auditHost } from "../../sdk/host/audit.ts";
import { readWritable, writeVerified } from "../../sdk/host/change.ts";
import { planTuning } from "../../sdk/host/plan.ts";
import { isSettingPath } from "../../sdk/host/setting.ts";
import { machineRoot } from "../measure/machineRoot.ts";
import { refusalOf } from "./tunableMachine.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

/** A program of this name that does what the script says, found first. */
function putFirst(program: string, script: string): string {
  const folder = machineRoot({});
  const file = join(folder, program);
  writeFileSync(file, `#!/bin/sh\nstate=${folder}/state\n${script}`);
  chmodSync(file, 0o755);
  vi.stubEnv("PATH", `${folder}${delimiter}${process.env["PATH"] ?? ""}`);
  return folder;
}

/** An interface whose GRO is kept in a file and whose LRO is fixed. */
const ethtoolScript = `case $1 in
-k) echo "generic-receive-offload: $(cat $state)"; echo "large-receive-offload: off [fixed]" ;;
-K) if [ $3 = gro ]; then echo $4 >$state; else echo "Could not change any device features" >&2; exit 1; fi ;;
*) echo "netlink error: Operation not supported" >&2; exit 1 ;;
esac
`;

const isLinux = process.platform === "linux";

describe.runIf(isLinux)("a setting of an interface", () => {
  test("is written by ethtool and read back", async () => {
    writeFileSync(join(putFirst("ethtool", ethtoolScript), "state"), "on\n");
    expect(await readWritable("/", "ethtool:eth0/gro")).toBe("on");
    expect(await writeVerified("/", "ethtool:eth0/gro", "off")).toBeNull();
    expect(await readWritable("/", "ethtool:eth0/gro")).toBe("off");
  });

  test("that the driver refuses is told in ethtool's words", async () => {
    putFirst("ethtool", ethtoolScript);
    const said = "ethtool says: Could not change any device features";
    expect(await writeVerified("/", "ethtool:eth0/lro", "on")).toBe(said);
    expect(await readWritable("/", "ethtool:eth0/combined")).toBeNull();
  });

  test("of a recorded machine is not asked of this one", async () => {
    putFirst("ethtool", ethtoolScript);
    expect(await readWritable("/recorded", "ethtool:eth0/gro")).toBeNull();
  });
});

test("no path makes a program do anything else", () => {
  const paths = ["ethtool:--help/gro", "ethtool:eth0/speed", "ethtool:a b/gro", "systemctl:sshd", "ethtool:a/b/gro"];
  expect(paths.filter(isSettingPath)).toEqual([]);
  expect(["ethtool:eth0/gro", "ethtool:eth0.7/combined", "systemctl:irqbalance"].every(isSettingPath)).toBe(true);
});

test.runIf(isLinux)("irqbalance is stopped through its service and started again", async () => {
  const script = `case $1 in
show) cat $state ;;
start) echo active >$state ;;
stop) echo inactive >$state ;;
esac
`;
  const folder = putFirst("systemctl", script);
  writeFileSync(join(folder, "state"), "active\n");
  const audit = { ...(await auditHost()), irqbalanceIsRunning: { value: true, reason: null } };
  const plan = planTuning({ irqbalance: "stopped" }, audit);
  expect(plan.steps).toMatchObject([
    { action: "write", path: "systemctl:irqbalance", now: "running", text: "stopped" },
  ]);
  expect(await writeVerified("/", "systemctl:irqbalance", "stopped")).toBeNull();
  expect(await readWritable("/", "systemctl:irqbalance")).toBe("stopped");
  expect(await writeVerified("/", "systemctl:irqbalance", "running")).toBeNull();
});

test("names that no interface has are refused", async () => {
  const audit = await auditHost({ root: machineRoot({}) });
  const refusal = await refusalOf(() => planTuning({ network: { interfaces: ["eth0"] } }, audit), "<none>");
  expect(refusal).toMatch(/no-such-device.*network interface/);
});
