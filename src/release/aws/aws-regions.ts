import { closest } from "fastest-levenshtein";

/**
 * AWS's partitions and their regions, as `partitions.json` of botocore has them, without the entries that stand for a
 * whole partition. A test compares them: `npm run test:plans -- --testPathPattern aws-models`.
 */
export const partitions = [
  {
    name: "aws",
    domain: "amazonaws.com",
    pattern: /^(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+$/,
    regions: [
      "af-south-1",
      "ap-east-1",
      "ap-east-2",
      "ap-northeast-1",
      "ap-northeast-2",
      "ap-northeast-3",
      "ap-south-1",
      "ap-south-2",
      "ap-southeast-1",
      "ap-southeast-2",
      "ap-southeast-3",
      "ap-southeast-4",
      "ap-southeast-5",
      "ap-southeast-6",
      "ap-southeast-7",
      "ca-central-1",
      "ca-west-1",
      "eu-central-1",
      "eu-central-2",
      "eu-north-1",
      "eu-south-1",
      "eu-south-2",
      "eu-west-1",
      "eu-west-2",
      "eu-west-3",
      "il-central-1",
      "me-central-1",
      "me-south-1",
      "me-west-1",
      "mx-central-1",
      "sa-east-1",
      "sa-west-1",
      "us-east-1",
      "us-east-2",
      "us-west-1",
      "us-west-2",
    ],
  },
  {
    name: "aws-cn",
    domain: "amazonaws.com.cn",
    pattern: /^cn-\w+-\d+$/,
    regions: ["cn-north-1", "cn-northwest-1"],
  },
  {
    name: "aws-eusc",
    domain: "amazonaws.eu",
    pattern: /^eusc-de-\w+-\d+$/,
    regions: ["eusc-de-east-1"],
  },
  {
    name: "aws-iso",
    domain: "c2s.ic.gov",
    pattern: /^us-iso-\w+-\d+$/,
    regions: ["us-iso-east-1", "us-iso-west-1"],
  },
  {
    name: "aws-iso-b",
    domain: "sc2s.sgov.gov",
    pattern: /^us-isob-\w+-\d+$/,
    regions: ["us-isob-east-1", "us-isob-west-1"],
  },
  {
    name: "aws-iso-e",
    domain: "cloud.adc-e.uk",
    pattern: /^eu-isoe-\w+-\d+$/,
    regions: ["eu-isoe-west-1"],
  },
  {
    name: "aws-iso-f",
    domain: "csp.hci.ic.gov",
    pattern: /^us-isof-\w+-\d+$/,
    regions: ["us-isof-east-1", "us-isof-south-1"],
  },
  {
    name: "aws-us-gov",
    domain: "amazonaws.com",
    pattern: /^us-gov-\w+-\d+$/,
    regions: ["us-gov-east-1", "us-gov-west-1"],
  },
] as const;

/** The domains of AWS's own addresses, as in an image's. */
export const domains = [...new Set(partitions.map(({ domain }) => domain))];

export const regions: readonly string[] = partitions.flatMap((partition) => [...partition.regions]);

/** The partition of a region, told by its pattern where the region is new: `cn-south-1` is one of aws-cn. */
export function partitionOf(region: string): string {
  return partitionWith(region).name;
}

/** What the addresses of a region's services end with. */
export function domainOf(region: string): string {
  return partitionWith(region).domain;
}

function partitionWith(region: string): (typeof partitions)[number] {
  return partitions.find(({ pattern }) => pattern.test(region)) ?? partitions[0];
}

/**
 * For whom a workflow asks the token that it takes a role with.
 * https://github.com/aws-actions/configure-aws-credentials#oidc-audience
 */
export function tokenAudience(region: string): string {
  return partitionOf(region) === "aws-cn" ? "sts.amazonaws.com.cn" : "sts.amazonaws.com";
}

/** How the name of every region is built. */
export const regionPattern = /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/;

/** What Terraform 1.11 or the AWS provider 5.100 does not know and would refuse. */
const unknownToTerraform: readonly string[] = [
  "ap-east-2",
  "ap-southeast-6",
  "eusc-de-east-1",
  "me-west-1",
  "sa-west-1",
  "us-isob-west-1",
];

/** Whether Terraform and its AWS provider must be told to take the region as it is. */
export function isNewToTerraform(region: string): boolean {
  return !regions.includes(region) || unknownToTerraform.includes(region);
}

export function nearestRegion(region: string): string {
  return closest(region, regions);
}
