import type { AwsProvider } from "../release/aws/aws-provider";
import { toolkit } from "../release/aws/toolkit";
import { packageJson } from "./package-json";

const { name, awsProvider, newestAwsProvider } = toolkit;

/** The major versions of the AWS provider that a new project may start with, the first by default. */
export const awsProviders: readonly string[] = name === "cdktf" ? ["6", "5"] : ["6"];

/** The provider of the package that this one is developed with. */
const olderVersion = "5.100.0";

/** Terraform's AWS provider as a new project has it, and the version of its package. */
export function startedProvider(major: string): AwsProvider & { readonly package: string } {
  const isNewest = major === awsProviders[0];
  const [version, installed] = isNewest
    ? [newestAwsProvider.version, newestAwsProvider.package.split("@").at(-1) ?? ""]
    : [olderVersion, packageJson().devDependencies[awsProvider] ?? ""];
  return { version, from: `${awsProvider} ${installed}`, package: installed };
}
