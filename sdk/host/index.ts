/** How this machine is set: audit, tune with undo, and what limits inference on it. */
export { HostError } from "./errors.ts";
export type { Reading } from "./reading.ts";
export { auditHost, type AuditSpec, type BootSettings, type HostAudit } from "./audit.ts";
export type { HostSetting, SettingName } from "./setting.ts";
export type { DeviceInterrupt, HostDevice, LinkWidth, PciLink } from "./device.ts";
export type { NetworkInterface, Offload, Offloads } from "./network.ts";
export type { ControllerErrors, ModuleErrors } from "./memoryErrors.ts";
export { tuningPresets, type DesiredInterrupts, type DesiredSettings, type TuningPreset } from "./desired.ts";
export { parseDesired, readDesired } from "./desiredFile.ts";
export { planTuning } from "./plan.ts";
export type { TuningPlan, TuningStep } from "./tuning.ts";
export { applyTuning, type AppliedChange, type ApplyOptions } from "./apply.ts";
export { undoTuning, type UndoneChange, type UndoOptions } from "./undo.ts";
export { formatApplied, formatAudit, formatPlan, formatUndone } from "./format.ts";
