import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { constants } from "node:os";
import { planLaunch } from "numalab/launch";
import { probeTopology } from "numalab/topology";
import { proofOf } from "../proof.mjs";
import { asUser, controlGroup, inOwnNamespace, tellInside, withoutTools } from "../surroundings.mjs";
import { tell } from "../tell.mjs";

const limits = { "cpuset.cpus": "2-5", "cpuset.mems": "1-2", "cpu.max": "250000 100000" };
const inContainer = [...controlGroup("container", limits).start, ...inOwnNamespace];
const [shell, ...words] = [...inContainer, process.execPath, "machineInside.mjs"];
execFileSync(shell, words, { stdio: "inherit" });

const { EPERM, ENOSYS } = constants.errno;

tellInside("refused", [], { refusal: EPERM, spec: { nodeIndex: 2 } });
tellInside("refused to a user", asUser, { refusal: EPERM, spec: { nodeIndex: 2 } });
tellInside("unknown", [], { refusal: ENOSYS, spec: { nodeIndex: 2 } });

tellInside("without tools", withoutTools, { spec: { nodeIndex: 2 } });

tellInside("container", inContainer);
controlGroup("pod", limits);
tellInside("group of the host", controlGroup("pod/inner", { "cpu.max": "400000 100000" }).start);
const oneNode = controlGroup("node", { "cpuset.cpus": "2-3", "cpuset.mems": "1" });
tellInside("one node, refused", oneNode.start, { refusal: EPERM });
tellInside("one node, refused, without tools", [...oneNode.start, ...withoutTools], { refusal: EPERM });

const changing = controlGroup("changing", { "cpuset.cpus": "4-7", "cpuset.mems": "0-3" });
const [plan] = planLaunch({ cpus: "4", bindingWay: "numactl" }, await probeTopology()).instances;
const change = async ({ processId }) => {
  writeFileSync(`${changing.folder}/cgroup.procs`, String(processId));
  for (const cpus of ["0-3", "4-7"]) writeFileSync(`${changing.folder}/cpuset.cpus`, cpus);
};
tell("wrong in a cpuset that changed and changed back", await proofOf(plan, { spoil: change }));
