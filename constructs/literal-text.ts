/** `${` and `%{` in what a user gives to API Gateway are API Gateway's own: Terraform passes them on. */
export function literalText(text: string): string {
  return text.replace(/[$%](?=\{)/g, "$&$&");
}
