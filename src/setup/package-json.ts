/** What this package says of itself, and of the versions that it is tested with. */
export interface PackageJson {
  readonly version: string;
  readonly engines: { readonly node: string };
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

export function packageJson(): PackageJson {
  return require("lambda-release/package.json");
}
