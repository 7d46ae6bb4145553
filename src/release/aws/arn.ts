/** The parts of an ARN, `arn:<partition>:<service>:<region>:<account>:<resource>`; empty where it has none. */
export function partitionIn(arn: string): string {
  return partOf(arn, 1);
}

export function serviceOf(arn: string): string {
  return partOf(arn, 2);
}

export function regionOf(arn: string): string {
  return partOf(arn, 3);
}

export function accountOf(arn: string): string {
  return partOf(arn, 4);
}

function partOf(arn: string, index: number): string {
  return arn.split(":")[index] ?? "";
}
