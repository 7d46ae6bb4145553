import { join } from "node:path";
import { synthesizeFiles } from "../support/project";
import { life } from "../support/shop";
import { Terraform } from "./terraform";

let found: Terraform | string;

/** Terraform, within `describePlans`. */
export function terraform(): Terraform {
  if (typeof found === "string") throw new Error(found);
  return found;
}

/**
 * A group of tests that plan for real. Without Terraform and the AWS provider none of them runs, which
 * global-setup.ts says aloud, and with the environment variable CI it is a failure.
 */
export function describePlans(name: string, tests: () => void): void {
  const group = process.env["PLANS_SKIPPED_BECAUSE"] === undefined ? describe : describe.skip;
  jest.setTimeout(300_000);
  group(name, () => {
    beforeAll(async () => {
      found = await Terraform.find(join(await synthesizeFiles(life.first), "stacks", "shop-dev"));
    }, 600_000);
    afterAll(() => (typeof found === "object" ? found.close() : undefined));
    tests();
  });
}
