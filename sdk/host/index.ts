/** How this machine is set: audit, tuning with undo, what limits inference. */
export { HostError } from "./errors.ts";
export type { Reading } from "./reading.ts";
export { auditHost, type AuditSpec, type BootSettings, type HostAudit } from "./audit.ts";
export type { HostSetting, SettingName } from "./setting.ts";
export type { DeviceInterrupt, HostDevice, LinkWidth, PciLink } from "./device.ts";
export type { ChannelCount, ChannelKind, Channels, Offload, Offloads } from "./ethtool.ts";
export type { NetworkInterface } from "./network.ts";
export type { ControllerErrors, ModuleErrors } from "./memoryErrors.ts";
export {
  tuningPresets,
  type DesiredInterrupts,
  type DesiredNetwork,
  type DesiredSettings,
  type TuningPreset,
} from "./desired.ts";
export { parseDesired, readDesired } from "./desiredFile.ts";
export { planTuning } from "./plan.ts";
export type { TuningPlan, TuningStep } from "./tuning.ts";
export { tuningRowsOf, type TuningRow } from "./tuningRow.ts";
export { applyTuning, type AppliedChange, type ApplyOptions } from "./apply.ts";
export { undoTuning, type UndoneChange, type UndoOptions } from "./undo.ts";
export { formatApplied, formatAudit, formatMemoryTest, formatPlan, formatUndone } from "./format.ts";
export { dropCaches, type DroppedCaches, type DropSpec } from "./pageCache.ts";
export {
  memoryTestUnits,
  testMemory,
  type MemoryTestResult,
  type MemoryTestSchedule,
  type MemoryTestSpec,
  type MemoryTestUnits,
} from "./memoryTest.ts";
export { hasFlag, runnableBuildsOf, type EngineBuild } from "./engineBuild.ts";
export { checkHost, type Checkup, type CheckupSpec } from "./checkup.ts";
export type { Finding } from "./finding.ts";
export type { Inventory, InventoryItem } from "./inventory.ts";
export { needOf, type MemoryNeed } from "./memoryNeed.ts";
export { parseRequirements, readRequirements, type RequirementResult, type Requirements } from "./requirements.ts";
export { watchMemory, type MemorySample, type WatchSpec } from "./watch.ts";
export { formatCheckup, formatMemorySample } from "./formatCheckup.ts";
