import { Terraform } from "./terraform";

let found: Terraform | undefined;

/** Terraform, within `describePlans`. */
export function terraform(): Terraform {
  found ??= new Terraform();
  return found;
}

/**
 * A group of tests that plan for real. Without Terraform and the AWS provider none of them runs, which
 * global-setup.ts says aloud, and with the environment variable CI it is a failure.
 */
export function describePlans(name: string, tests: () => void): void {
  const group = process.env["PLANS_SKIPPED_BECAUSE"] === undefined ? describe : describe.skip;
  jest.setTimeout(300_000);
  group(name, tests);
}
