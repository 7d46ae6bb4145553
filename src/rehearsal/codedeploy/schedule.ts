import type { TrafficRoutingConfig } from "@aws-sdk/client-codedeploy";

/** A step of a shift: from when on the new version has which share. */
export interface ShiftStep {
  /** Minutes since traffic was first allowed. */
  readonly atMinutes: number;
  readonly percent: number;
}

/** The steps of a deployment configuration; the last is to 100 percent. */
export function scheduleOf({ type, timeBasedCanary, timeBasedLinear }: TrafficRoutingConfig): ShiftStep[] {
  if (type === "TimeBasedCanary") {
    const { canaryPercentage = 0, canaryInterval = 0 } = timeBasedCanary ?? {};
    return [
      { atMinutes: 0, percent: canaryPercentage },
      { atMinutes: canaryInterval, percent: 100 },
    ];
  }
  if (type === "TimeBasedLinear") {
    const { linearPercentage = 100, linearInterval = 0 } = timeBasedLinear ?? {};
    return Array.from({ length: Math.ceil(100 / linearPercentage) }, (_, step) => ({
      atMinutes: step * linearInterval,
      percent: Math.min(100, (step + 1) * linearPercentage),
    }));
  }
  return [{ atMinutes: 0, percent: 100 }];
}
