/**
 * What a resource is in its stack, by its address: cdktf makes it of the ids of the constructs, which stay as they
 * are because another id would replace what is live.
 */
export type Part =
  /** What a version brings. */
  | { readonly of: "version"; readonly version: string }
  /** The deployment of one API definition, for all versions that have it. */
  | { readonly of: "definition"; readonly fingerprint: string }
  /** The one function whose versions Lambda keeps, and what belongs to it. */
  | { readonly of: "function" }
  /** The alias that splits or switches, where it is not the stage. */
  | { readonly of: "alias" }
  /** The stage that users call. */
  | { readonly of: "stage" }
  | { readonly of: "stage settings" }
  | { readonly of: "stage logs" }
  /** The stage `preview` or `blue`, with what it brings. */
  | { readonly of: "temporary" }
  | { readonly of: "policy" }
  | { readonly of: "api" }
  /** The definition that is worked on, which the next deployment snapshots. */
  | { readonly of: "working definition" }
  /** What refuses to destroy what users call. */
  | { readonly of: "protection" }
  /** What users of containers call, and CodeDeploy turns. */
  | { readonly of: "load balancer" }
  /** The alarms that look at an alias, and what it serves of the latest version. */
  | { readonly of: "alarms" }
  /** What CodeDeploy needs to move users. */
  | { readonly of: "rollout" }
  /** The functions that CodeDeploy asks. */
  | { readonly of: "hooks" }
  /** The service of containers, its load balancer and network. */
  | { readonly of: "containers" }
  /** What every version's tasks write to and may do. */
  | { readonly of: "tasks" }
  /** What another construct than those of this project brings. */
  | { readonly of: "other" };

const patterns: readonly (readonly [RegExp, (match: string) => Part])[] = [
  [/[_-]protection$/, () => ({ of: "protection" })],
  [/^version_([^_]+)(?:_|$)/, (version) => ({ of: "version", version })],
  [/^definition_([0-9a-f]{16})$/, (fingerprint) => ({ of: "definition", fingerprint })],
  [/^function(_|$)/, () => ({ of: "function" })],
  [/^(live|green-alias)(_|$)/, () => ({ of: "alias" })],
  [/^(canary|live|green)-stage$/, () => ({ of: "stage" })],
  [/^(canary|live|green)-stage_method-settings$/, () => ({ of: "stage settings" })],
  [/^(canary|live|green)-stage_logs_/, () => ({ of: "stage logs" })],
  [/^(preview|blue)(-alias)?(_|$)/, () => ({ of: "temporary" })],
  [/^(version|alias|blue|green)-alarms_/, () => ({ of: "alarms" })],
  [/^rollout(_|$)/, () => ({ of: "rollout" })],
  [/^(before-traffic|after-traffic|after-install|after-allow-test-traffic)-hook_/, () => ({ of: "hooks" })],
  [/^(hooks-security-group(_|$)|load-balancer_security-group_hooks)/, () => ({ of: "hooks" })],
  [/^api_policy$/, () => ({ of: "policy" })],
  [/^api_definition$/, () => ({ of: "working definition" })],
  [/^api$/, () => ({ of: "api" })],
  [/^load-balancer$/, () => ({ of: "load balancer" })],
  [/^(network|load-balancer|containers)(_|$)/, () => ({ of: "containers" })],
  [/^tasks_/, () => ({ of: "tasks" })],
];

/** @param address `aws_api_gateway_stage.canary-stage_EA838A75` */
export function partOf(address: string): Part {
  const [, name = ""] = address.split(".");
  for (const [pattern, part] of patterns) {
    const match = pattern.exec(nameWithoutHash(name));
    if (match !== null) return part(match[1] ?? "");
  }
  return { of: "other" };
}

/** As a reader knows it: `aws_api_gateway_stage.canary-stage`. */
export function shortAddress(address: string): string {
  return nameWithoutHash(address);
}

function nameWithoutHash(name: string): string {
  return name.replace(/_[0-9A-F]{8}$/, "");
}
