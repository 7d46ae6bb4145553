/** The program that stands for Terraform, as cdktf has it: `TERRAFORM_BINARY_NAME`, else `terraform`. */
export function terraformBinary(): string {
  return process.env["TERRAFORM_BINARY_NAME"] || "terraform";
}
