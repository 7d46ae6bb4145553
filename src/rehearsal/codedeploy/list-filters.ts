import type {
  DeploymentStatus,
  ListDeploymentsInput,
  ListDeploymentTargetsInput,
  TargetStatus,
} from "@aws-sdk/client-codedeploy";
import { ApiError, type ExceptionName } from "./protocol";

const deploymentStatuses: readonly DeploymentStatus[] = [
  "Created",
  "Queued",
  "InProgress",
  "Baking",
  "Succeeded",
  "Failed",
  "Stopped",
  "Ready",
];

const targetStatuses: readonly TargetStatus[] = [
  "Failed",
  "InProgress",
  "Pending",
  "Ready",
  "Skipped",
  "Succeeded",
  "Unknown",
];

/** Refuses each value that AWS's service model does not have. @throws ApiError */
export function checkEach(
  field: string,
  values: readonly string[] | undefined,
  known: readonly string[],
  code: ExceptionName,
): void {
  const unknown = values?.find((value) => !known.includes(value));
  if (unknown === undefined) return;
  throw new ApiError(code, `'${field}' must be of ${known.join(", ")}, got "${unknown}"`);
}

/** This endpoint lists everything at once, so no token is one of its own. @throws ApiError */
export function checkNoToken({ nextToken }: { readonly nextToken?: string }): void {
  if (!nextToken) return;
  throw new ApiError(
    "InvalidNextTokenException",
    `'nextToken' must be one that this endpoint gave, got "${nextToken}"`,
  );
}

/** Whether a deployment of that status and creation, in seconds, is asked for. @throws ApiError */
export function deploymentFilter(
  input: ListDeploymentsInput,
): (status: DeploymentStatus, seconds: number) => boolean {
  const { includeOnlyStatuses, createTimeRange } = input;
  checkNoToken(input);
  checkEach(
    "includeOnlyStatuses",
    includeOnlyStatuses,
    deploymentStatuses,
    "InvalidDeploymentStatusException",
  );
  // Seconds: that is how times come over the wire.
  const { start = -Infinity, end = Infinity } = (createTimeRange ?? {}) as { start?: number; end?: number };
  if (start > end) {
    throw new ApiError(
      "InvalidTimeRangeException",
      `'start' must not be later than 'end', got ${start} and ${end}`,
    );
  }
  return (status, seconds) =>
    (!includeOnlyStatuses?.length || includeOnlyStatuses.includes(status)) &&
    seconds >= start &&
    seconds <= end;
}

/** Whether a target of that status is asked for. @throws ApiError */
export function targetFilter(input: ListDeploymentTargetsInput): (status: TargetStatus) => boolean {
  checkNoToken(input);
  const { TargetStatus: wanted, ...others } = input.targetFilters ?? {};
  checkEach(
    "targetFilters",
    Object.keys(others),
    ["TargetStatus", "ServerInstanceLabel"],
    "InvalidTargetFilterNameException",
  );
  checkEach("TargetStatus", wanted, targetStatuses, "InvalidInstanceStatusException");
  const labels = (others as Record<string, string[]>)["ServerInstanceLabel"];
  checkEach("ServerInstanceLabel", labels, ["Blue", "Green"], "InvalidInstanceTypeException");
  return (status) => !wanted?.length || wanted.includes(status);
}
