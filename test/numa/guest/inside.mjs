// What a program plans and gets in the surroundings that it was started in. With `refusal`, an error number, it first
// refuses itself and its children all calls of memory policy, as containers do.
import { planLaunch, probeBindingWay } from "numalab/launch";
import { probeTopology } from "numalab/topology";
import { refuseMemoryPolicy } from "./memoryPolicy.mjs";
import { proofOf } from "./proof.mjs";

const { refusal, spec = {} } = JSON.parse(process.argv[2]);
if (refusal !== undefined) refuseMemoryPolicy(refusal);

const { allowedCpuset, allowedNodeset, limits, ...topology } = await probeTopology();
const machine = { ...topology, allowedCpuset, allowedNodeset, limits };
const bindingProbe = await probeBindingWay(machine);
const { instances, warnings } = planLaunch({ bindingWay: bindingProbe.way, ...spec }, machine);
const [plan] = instances;
const proof = await proofOf(plan);
console.log(JSON.stringify({ allowedCpuset, allowedNodeset, limits, bindingProbe, warnings, ...proof }));
