import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface Stack {
  readonly "//": { readonly metadata: { readonly version: string } };
  readonly terraform: { readonly required_providers: Readonly<Record<string, object>> };
}

/** What the stacks in an output folder are made with, and all else of every file. Locks of providers are left out. */
export function synthesizedIn(output: string) {
  const files = readdirSync(output, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== ".terraform.lock.hcl")
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  const versions = new Set<string>();
  const contents = files.map((file) => {
    const path = file.slice(output.length + 1);
    if (!path.endsWith(".json")) return [path, readFileSync(file, "base64")];
    const json = JSON.parse(readFileSync(file, "utf8"));
    if (path === "manifest.json") return [path, { ...json, version: undefined }];
    if (!path.endsWith("cdk.tf.json")) return [path, json];
    const { "//": about, terraform, ...rest } = json as Stack;
    const { version, ...metadata } = about.metadata;
    const { required_providers: providers, ...settings } = terraform;
    versions.add(JSON.stringify({ version, ...providers }));
    return [path, { ...rest, metadata, settings, providers: Object.keys(providers) }];
  });
  return { files: Object.fromEntries(contents), versions: [...versions].map((text) => JSON.parse(text)) };
}
