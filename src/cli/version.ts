/** The version of this package. */
export function version(): string {
  return (require("lambda-release/package.json") as { readonly version: string }).version;
}
