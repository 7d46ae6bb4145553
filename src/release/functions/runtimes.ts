/** Languages of Lambda's runtimes; "os" is a runtime without a language, for programs that are built beforehand. */
export type RuntimeLanguage = "node" | "python" | "java" | "dotnet" | "ruby" | "os";

export interface Runtime {
  /** Lambda's name of it. */
  readonly name: string;
  /** What its handlers are written in. */
  readonly language: RuntimeLanguage;
  /** The day from which AWS does not patch it, as `2027-04-30`. */
  readonly deprecated: string;
  /** The day from which AWS creates no function with it. */
  readonly creationBlocked: string;
  /** Whether Lambda takes snapshots of it (SnapStart). @default false */
  readonly hasSnapStart?: true;
  /**
   * The first version of Terraform's AWS provider that takes it. One that is older refuses it when it plans.
   * https://github.com/hashicorp/terraform-provider-aws/pull/45024, /issues/45864 and /pull/47841
   * @default - every version that this package works with
   */
  readonly provider?: string;
}

/**
 * Every runtime that Lambda creates functions with. AWS moves the dates, and rather later than sooner.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html, as of November 2026
 */
export const runtimes = [
  { name: "nodejs16.x", language: "node", deprecated: "2024-06-12", creationBlocked: "2027-02-01" },
  { name: "nodejs18.x", language: "node", deprecated: "2025-09-01", creationBlocked: "2027-02-01" },
  { name: "nodejs20.x", language: "node", deprecated: "2026-04-30", creationBlocked: "2027-02-01" },
  { name: "nodejs22.x", language: "node", deprecated: "2027-04-30", creationBlocked: "2027-06-01" },
  {
    name: "nodejs24.x",
    language: "node",
    deprecated: "2028-04-30",
    creationBlocked: "2028-06-01",
    provider: "6.19.0",
  },
  { name: "python3.8", language: "python", deprecated: "2024-10-14", creationBlocked: "2027-02-01" },
  { name: "python3.9", language: "python", deprecated: "2025-12-15", creationBlocked: "2027-02-01" },
  { name: "python3.10", language: "python", deprecated: "2026-10-31", creationBlocked: "2027-02-01" },
  { name: "python3.11", language: "python", deprecated: "2027-06-30", creationBlocked: "2027-07-31" },
  {
    name: "python3.12",
    language: "python",
    deprecated: "2028-10-31",
    creationBlocked: "2028-11-30",
    hasSnapStart: true,
  },
  {
    name: "python3.13",
    language: "python",
    deprecated: "2029-06-30",
    creationBlocked: "2029-07-31",
    hasSnapStart: true,
  },
  {
    name: "python3.14",
    language: "python",
    deprecated: "2029-06-30",
    creationBlocked: "2029-07-31",
    hasSnapStart: true,
    provider: "6.20.0",
  },
  { name: "java8.al2", language: "java", deprecated: "2027-06-30", creationBlocked: "2027-07-31" },
  {
    name: "java11",
    language: "java",
    deprecated: "2027-06-30",
    creationBlocked: "2027-07-31",
    hasSnapStart: true,
  },
  {
    name: "java17",
    language: "java",
    deprecated: "2027-06-30",
    creationBlocked: "2027-07-31",
    hasSnapStart: true,
  },
  {
    name: "java21",
    language: "java",
    deprecated: "2029-06-30",
    creationBlocked: "2029-07-31",
    hasSnapStart: true,
  },
  {
    name: "java25",
    language: "java",
    deprecated: "2029-06-30",
    creationBlocked: "2029-07-31",
    hasSnapStart: true,
    provider: "6.20.0",
  },
  { name: "dotnet6", language: "dotnet", deprecated: "2024-12-20", creationBlocked: "2027-02-01" },
  {
    name: "dotnet8",
    language: "dotnet",
    deprecated: "2026-11-10",
    creationBlocked: "2027-02-01",
    hasSnapStart: true,
  },
  {
    name: "dotnet10",
    language: "dotnet",
    deprecated: "2028-11-14",
    creationBlocked: "2028-12-14",
    hasSnapStart: true,
    provider: "6.27.0",
  },
  { name: "ruby3.2", language: "ruby", deprecated: "2026-03-31", creationBlocked: "2027-02-01" },
  { name: "ruby3.3", language: "ruby", deprecated: "2027-03-31", creationBlocked: "2027-04-30" },
  { name: "ruby3.4", language: "ruby", deprecated: "2028-03-31", creationBlocked: "2028-04-30" },
  {
    name: "ruby4.0",
    language: "ruby",
    deprecated: "2029-03-31",
    creationBlocked: "2029-04-30",
    // Of April 2026: not in 6.25, the last version for which CDKTF has a package.
    provider: "6.66.0",
  },
  { name: "provided.al2", language: "os", deprecated: "2026-07-31", creationBlocked: "2027-02-01" },
  { name: "provided.al2023", language: "os", deprecated: "2029-06-30", creationBlocked: "2029-07-31" },
] as const satisfies readonly Runtime[];

export type RuntimeName = (typeof runtimes)[number]["name"];

export const runtimeNames = runtimes.map(({ name }) => name) as RuntimeName[];

/** Those that Lambda takes snapshots of. */
export const snapStartRuntimes: readonly string[] = runtimes
  .filter((one: Runtime) => one.hasSnapStart)
  .map(({ name }) => name);

/** @returns nothing where AWS has no such runtime */
export function runtimeLanguage(runtime: string): RuntimeLanguage | undefined {
  return runtimes.find(({ name }) => name === runtime)?.language;
}

/** Whether its code must be built elsewhere: handler files are packaged for Node and Python alone. */
export function needsCode(runtime: string): boolean {
  const language = runtimeLanguage(runtime);
  return language !== undefined && language !== "node" && language !== "python";
}
