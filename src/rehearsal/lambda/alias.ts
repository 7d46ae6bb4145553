import type { Random } from "../random";
import type { Applied, AppliedState } from "../terraform/applied-state";
import type { PublishedVersion } from "../terraform/published-versions";
import { nameOfFunction } from "../terraform/resource-types";

/** A name for a version of a function, or for two that share its calls. */
export interface Alias {
  readonly name: string;
  readonly version: string;
  /** The version that gets a share of the calls, and that share from 0 to 1. @default - `version` gets all */
  readonly additional?: { readonly version: string; readonly weight: number };
}

/**
 * The aliases of a function, by their names.
 *
 * @throws on what Lambda refuses: https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html
 */
export function aliasesOf(state: AppliedState, lambda: Applied): Map<string, Alias> {
  return new Map(
    state
      .ofType("aws_lambda_alias")
      .filter(({ attributes }) => nameOfFunction(attributes) === lambda.attributes["function_name"])
      .map((applied) => {
        const alias = aliasOf(applied);
        checkVersions(applied.address, alias, lambda);
        return [alias.name, alias];
      }),
  );
}

/** The versions that an alias's calls go to, and the share from 0 to 1 that each has of them. */
export function sharesOf({ version, additional }: Alias): { version: string; weight: number }[] {
  if (additional === undefined) return [{ version, weight: 1 }];
  return [{ version, weight: 1 - additional.weight }, additional];
}

/** The version that a call of an alias goes to: each call is drawn for itself. */
export function drawVersion({ version, additional }: Alias, random: Random): string {
  if (additional === undefined) return version;
  return random() < additional.weight ? additional.version : version;
}

function aliasOf({ address, attributes }: Applied): Alias {
  const name = String(attributes["name"]);
  if (!/^(?!\d+$)[A-Za-z0-9_-]{1,128}$/.test(name)) {
    throw new Error(
      `${address}: 'name' must have 1 to 128 letters, digits, '-' and '_', and not digits alone, got "${name}"`,
    );
  }
  const [routing] = [attributes["routing_config"]].flat() as [Record<string, unknown>?];
  const weights = Object.entries(routing?.["additional_version_weights"] ?? {});
  if (weights.length > 1) {
    const given = weights.map(([version]) => `"${version}"`).join(" and ");
    throw new Error(
      `${address}: 'routing_config.additional_version_weights' must have one version at most, got ${given}`,
    );
  }
  const version = String(attributes["function_version"]);
  const [additional] = weights.map(([name, weight]) => ({ version: name, weight: Number(weight) }));
  return { name, version, additional };
}

function checkVersions(address: string, { version, additional }: Alias, lambda: Applied): void {
  const versions = lambda.versions ?? [];
  if (version !== "$LATEST") checkPublished(`${address}: 'function_version'`, version, lambda);
  if (additional === undefined) return;

  const weights = `${address}: 'routing_config.additional_version_weights'`;
  if (version === "$LATEST") {
    throw new Error(
      `${address}: 'function_version' must be a published version where the alias has weights, got "$LATEST"`,
    );
  }
  checkPublished(weights, additional.version, lambda);
  if (additional.version === version) {
    throw new Error(`${weights} must have another version than 'function_version', got "${version}"`);
  }
  if (!(additional.weight >= 0 && additional.weight <= 1)) {
    throw new Error(`${weights} must be a number between 0 and 1, got ${additional.weight}`);
  }
  const roles = [version, additional.version].map((one) => roleOf(versions, one));
  if (roles[0] !== roles[1]) {
    throw new Error(`${weights} must have a version with the role of version ${version}, got ${roles[1]}`);
  }
}

function checkPublished(field: string, version: string, { attributes, versions = [] }: Applied): void {
  if (versions.some((one) => one.version === version)) return;
  const name = attributes["function_name"];
  const there = versions.length === 0 ? "there is none" : versions.map((one) => one.version).join(", ");
  throw new Error(`${field} must be a published version of ${name} (${there}), got "${version}"`);
}

function roleOf(versions: readonly PublishedVersion[], version: string): unknown {
  return versions.find((one) => one.version === version)?.attributes["role"];
}
