/** The log group that a stage's access log goes to. @param name `<service>-<environment>` of a release, or the API's */
export function accessLogGroup(name: string): string {
  return `/aws/apigateway/${name}`;
}

/** The group that has the canary's requests of another. */
export function canaryLogGroup(group: string): string {
  return `${group}/Canary`;
}
