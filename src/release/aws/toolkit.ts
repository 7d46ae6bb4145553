/** What the constructs come from: CDK for Terraform, which HashiCorp ended, or CDK Terrain, which goes on with them. */
export interface Toolkit {
  /** Its npm package; also the command that deploys. */
  readonly name: "cdktf" | "cdktn";
  /** The npm package that brings the command. */
  readonly cli: string;
  /** The npm packages of the providers' classes. */
  readonly awsProvider: string;
  /** Package of the archive provider's constructs. */
  readonly archiveProvider: string;
  /** This package, as it is made for it. */
  readonly ownPackage: string;
  /** The newest package of the AWS provider's classes that is known here. */
  readonly newestAwsProvider: { readonly package: string; readonly version: string };
}

export const cdktf: Toolkit = {
  name: "cdktf",
  cli: "cdktf-cli",
  awsProvider: "@cdktf/provider-aws",
  archiveProvider: "@cdktf/provider-archive",
  ownPackage: "lambda-release",
  // CDKTF gets no other.
  newestAwsProvider: { package: "@cdktf/provider-aws@21.22.1", version: "6.25.0" },
};

export const cdktn: Toolkit = {
  name: "cdktn",
  cli: "cdktn-cli",
  awsProvider: "@cdktn/provider-aws",
  archiveProvider: "@cdktn/provider-archive",
  ownPackage: "lambda-release-cdktn",
  newestAwsProvider: { package: "@cdktn/provider-aws@25.7.0", version: "6.66.0" },
};

export const toolkits: readonly Toolkit[] = [cdktf, cdktn];

/** The one that this package is made for, as its package.json says. `npm run pack:cdktn` makes the other package. */
export const toolkit: Toolkit = ownToolkit();

function ownToolkit(): Toolkit {
  const { name } = require("lambda-release/package.json") as { name: string };
  return toolkits.find(({ ownPackage }) => ownPackage === name) ?? cdktf;
}
