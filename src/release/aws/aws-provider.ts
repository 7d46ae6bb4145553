import { cdktf, toolkit } from "./toolkit";

/** Terraform's AWS provider, as the project's package of its classes names it. */
export interface AwsProvider {
  /** Such as `5.100.0`. */
  readonly version: string;
  /** The package, such as `@cdktf/provider-aws 20.1.0`. */
  readonly from: string;
}

const newest = toolkit.newestAwsProvider;

/** What the provider takes from a version on. */
interface Since {
  /** @default - every version that this package works with */
  readonly provider?: string;
}

/** @param installed the project's. @default - it is unknown, and taken for the newest */
export function isKnownTo(installed: AwsProvider | undefined, { provider }: Since): boolean {
  return provider === undefined || installed === undefined || !isOlder(installed.version, provider);
}

/** CDK Terrain has newer packages. */
const wayOn = toolkit === cdktf ? ": move to CDK Terrain, see docs/moving-to-cdktn.md" : "";

/** What to install for it. */
export function remedyFor({ provider = newest.version }: Since): string {
  return isOlder(newest.version, provider)
    ? `no package of ${toolkit.name.toUpperCase()} has AWS provider ${provider}, which takes it${wayOn}`
    : `npm install ${newest.package}`;
}

/** Of versions that are three numbers. */
function isOlder(version: string, other: string): boolean {
  return version.localeCompare(other, "en", { numeric: true }) < 0;
}
