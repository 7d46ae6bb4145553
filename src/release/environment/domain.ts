import type { Environment } from "./environment";

/** The stack of an environment's custom domain. */
export function domainStackName(environment: string): string {
  return `domain-${environment}`;
}

/** Where a service is on its environment's custom domain. */
export interface DomainAddress {
  /** Name of the domain. */
  readonly domainName: string;
  /** As API Gateway keeps it: empty for the whole domain. */
  readonly basePath: string;
  /** What users call: `https://api.example.com/shop`. */
  readonly url: string;
}

/** @returns nothing for a service without a base path, or an environment without a domain */
export function domainAddress(
  { domain }: Pick<Environment, "domain">,
  basePath: string | undefined,
): DomainAddress | undefined {
  if (domain === undefined || basePath === undefined) return undefined;
  const own = basePath === "/" ? "" : basePath;
  return {
    domainName: domain.name,
    basePath: own,
    url: `https://${domain.name}${own === "" ? "" : `/${own}`}`,
  };
}
