/** The parts of an ARN, `arn:<partition>:<service>:<region>:<account>:<resource>`, of which the checks ask. */
export function regionOf(arn: string): string {
  return arn.split(":")[3] ?? "";
}

export function accountOf(arn: string): string {
  return arn.split(":")[4] ?? "";
}
