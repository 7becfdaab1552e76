import { expect, test } from "vitest";
import { auditHost } from "../../sdk/host/audit.ts";
import { formatApplied, formatAudit, formatMemoryTest, formatPlan, formatUndone } from "../../sdk/host/format.ts";
import { plannedFor, tunableRoot } from "./tunableMachine.ts";

test("an audit is a setting a line, the absent ones with their reason", async () => {
  expect(formatAudit(await auditHost({ root: tunableRoot() }))).toMatchInlineSnapshot(`
    "swappiness                  60
    numaBalancing               1
    zoneReclaimMode             0
    dirtyPercent                20
    dirtyBackgroundPercent      0 – /proc/sys/vm/dirty_background_bytes is 1048576 and rules instead
    transparentHugePages        madvise
    transparentHugePagesDefrag  madvise
    energyPreference            balance_performance
    governor                    powersave
    governor                    performance
    turbo                       on
    smt                         on

    isolatedCpus                2-3
    nohzFullCpus                none
    irqbalance                  running
    memory errors               – the kernel counts no memory errors here: no EDAC driver, no ECC memory, or a virtual machine

    no network interface, NVMe drive or GPU on a bus"
  `);
});

test("a plan tells each difference with why, its cost and how it lasts", async () => {
  const plan = await plannedFor(tunableRoot(), { swappiness: 1, turbo: "on", governor: "ondemand", nohzFullCpus: "1" });
  expect(formatPlan(plan)).toMatchInlineSnapshot(`
    "change      swappiness: 60 → 1
                why    weights that were swapped out come back one page fault at a time
                costs  under pressure the page cache goes first, and a mapped model file lies in it
                lasts  until the next start; to keep it: /etc/tmpfiles.d/numalab.conf: w /proc/sys/vm/swappiness - - - - 1
    impossible  governor: powersave → ondemand
                reason "ondemand" is not offered for governor: the kernel offers performance, powersave
    impossible  governor: performance → ondemand
                reason "ondemand" is not offered for governor: the kernel offers performance, powersave
    as wanted   turbo: on
    by hand     nohzFullCpus: none → 1
                why    a CPU with one running thread is not interrupted by the timer
                costs  system calls get slower on these CPUs, and one other CPU keeps the time
                lasts  add nohz_full=1 to GRUB_CMDLINE_LINUX in /etc/default/grub, then update-grub and reboot (takes effect after a restart)"
  `);
  expect(formatPlan({ root: "/", steps: [] })).toBe("Nothing is wanted.");
});

test("what was applied and undone is a file a line", () => {
  const change = { path: "proc/sys/vm/swappiness", before: "60", after: "1", effectiveCpus: null };
  expect(formatApplied([])).toMatch(/^Nothing to change/);
  expect(
    formatApplied([
      { ...change, refusal: null },
      { ...change, refusal: "no" },
      {
        ...change,
        path: "proc/irq/9/smp_affinity_list",
        before: "0-3",
        after: "0-1",
        effectiveCpus: "1",
        refusal: null,
      },
      { ...change, path: "proc/irq/8/smp_affinity_list", before: "0-3", after: "0", effectiveCpus: "1", refusal: null },
    ]).split("\n"),
  ).toEqual([
    "changed  /proc/sys/vm/swappiness: 60 → 1",
    "refused  no; nothing changed there",
    "changed  /proc/irq/9/smp_affinity_list: 0-3 → 0-1, sent to 1",
    "changed  /proc/irq/8/smp_affinity_list: 0-3 → 0, sent to 1 until its next one",
  ]);
  const outcomes = ["restored", "unchanged", "reset-by-reboot", "set-at-start", "changed-since", "refused"] as const;
  const undone = outcomes.map((outcome) => ({
    ...change,
    now: "60",
    outcome,
    refusal: outcome === "refused" ? "no" : null,
  }));
  expect(formatUndone(undone)).toMatchInlineSnapshot(`
    "restored   /proc/sys/vm/swappiness: 60
    unchanged  /proc/sys/vm/swappiness: 60 already
    restarted  /proc/sys/vm/swappiness: the host's restart reset it, now 60
    left       /proc/sys/vm/swappiness: something sets it to 60 at each start (look in /etc/tmpfiles.d); it was 60 before
    left       /proc/sys/vm/swappiness: somebody changed it to 60 since; it was 60 before
    refused    no; kept in the journal"
  `);
});

test("a memory test is a sentence", () => {
  const result = { bytes: 2 ** 30, passesCount: 1, hasPassed: true, failures: [] };
  expect(formatMemoryTest(result)).toBe("1 GiB of memory, 1 pass: no fault found");
  expect(formatMemoryTest({ ...result, hasPassed: false, failures: ["Bit Flip"] })).toBe(
    "1 GiB of memory, 1 pass: FAULTY, failed: Bit Flip",
  );
});
