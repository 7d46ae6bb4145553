/** Terraform's AWS provider, as the project's package of its classes names it. */
export interface AwsProvider {
  /** Such as `5.100.0`. */
  readonly version: string;
  /** The package, such as `@cdktf/provider-aws 20.1.0`. */
  readonly from: string;
}

/** The last package of CDKTF, which gets no other: it is of version 6.25 of the provider. */
const last = { name: "@cdktf/provider-aws@21.22.1", version: "6.25.0" };

/** What the provider takes from a version on. */
interface Since {
  /** @default - every version that this package works with */
  readonly provider?: string;
}

/** @param installed the project's. @default - it is unknown, and taken for the newest */
export function isKnownTo(installed: AwsProvider | undefined, { provider }: Since): boolean {
  return provider === undefined || installed === undefined || !isOlder(installed.version, provider);
}

/** What to install for it. */
export function remedyFor({ provider = last.version }: Since): string {
  return isOlder(last.version, provider)
    ? `no package of CDKTF has AWS provider ${provider}, which takes it`
    : `npm install ${last.name}`;
}

/** Of versions that are three numbers. */
function isOlder(version: string, other: string): boolean {
  return version.localeCompare(other, "en", { numeric: true }) < 0;
}
