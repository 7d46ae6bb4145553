import type { z } from "zod";
import { routingLimits } from "../aws/routing-limits";
import { hash } from "../definition/fingerprint";
import type { previewHeader } from "../schema/preview-header";
import { domainAddress } from "./domain";
import type { Environment } from "./environment";

/** The header of the requests that go to a temporary stage. */
export type PreviewHeader = z.output<typeof previewHeader>;

/** A rule that routes requests on a custom domain to a stage. It comes before base paths. */
export interface RoutingRule {
  /** The custom domain: `api.example.com`. */
  readonly domainName: string;
  /** The path of the domain that leads to the service. */
  readonly basePath: string;
  /** The header that a request must have. */
  readonly header: Pick<PreviewHeader, "name" | "value">;
  /** From 1, unique in the domain: API Gateway tries the rule with the lowest one first. */
  readonly priority: number;
}

/** What of a release says which requests its temporary stage gets. */
interface Ruled {
  /** `<service>-<environment>` */
  readonly name: string;
  readonly environment: Pick<Environment, "domain">;
  readonly stage?: { readonly basePath?: string };
}

/** @returns nothing without a header, or where no domain leads to the service */
export function routingRuleOf(
  { name, environment, stage }: Ruled,
  header: PreviewHeader | undefined,
): RoutingRule | undefined {
  const address = domainAddress(environment, stage?.basePath);
  if (header === undefined || address === undefined) return undefined;
  const { domainName, basePath } = address;
  return { domainName, basePath, header, priority: header.priority ?? defaultPriority(name) };
}

/** The same in every deploy, and hardly ever that of another service. */
function defaultPriority(name: string): number {
  return 1 + (Number.parseInt(hash(name).slice(0, 12), 16) % routingLimits.priority);
}
