import { basename } from "node:path";

/** The program that stands for Terraform, as cdktf has it: `TERRAFORM_BINARY_NAME`, else `terraform`. */
export function terraformBinary(): string {
  return process.env["TERRAFORM_BINARY_NAME"] || "terraform";
}

/** A program that has `tofu` in its name is OpenTofu. */
export function isOpenTofu(): boolean {
  return /tofu/i.test(basename(terraformBinary()));
}

/**
 * The host that the program takes a provider from, where the provider's address names none. The two registries have
 * builds of their own of one version, with other hashes: https://github.com/opentofu/opentofu/issues/796
 */
export function defaultRegistry(): string {
  return isOpenTofu() ? "registry.opentofu.org" : "registry.terraform.io";
}
