import { bindingAdviceOf } from "../../sdk/launch/bindingAdvice.ts";
import { expect, test } from "vitest";
import { fourNodes } from "./fourNodes.ts";

const refused = "set_mempolicy: EPERM";

test("root in a container is told the capability, and what confines it to one node", () => {
  const advice = bindingAdviceOf(refused, fourNodes, 0);
  expect(advice).toContain("docker run --cap-add=SYS_NICE");
  expect(advice).toMatch(/--cpuset-cpus=\S+ --cpuset-mems=0/);
});

test("another user is told that the capability takes effect for root only", () => {
  expect(bindingAdviceOf(refused, fourNodes, 1000)).toContain("--user 0 --cap-add=SYS_NICE");
});

test("a sandbox without memory policies is not told to ask for a capability", () => {
  const advice = bindingAdviceOf("get_mempolicy: ENOSYS", fourNodes, 0);
  expect(advice).not.toContain("SYS_NICE");
  expect(advice).toContain("--cpuset-mems=0");
});
