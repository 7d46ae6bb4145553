import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { zipSync } from "fflate";

/** A time that zip files can hold, the same for every file. */
const mtime = new Date("1990-01-01T00:00:00");

interface StackJson {
  /** @default - the stack reads nothing */
  data?: { archive_file?: Record<string, { source_dir: string; output_path: string }> } & Record<
    string,
    unknown
  >;
  provider: Record<string, unknown>;
  terraform: { required_providers: Record<string, unknown> };
}

/**
 * Does in advance what `data.archive_file` would do: zips each folder and puts path and hash in place of the
 * references, so that a stack can be planned where the archive provider cannot be installed.
 */
export function resolveArchives(stackFolder: string): void {
  const file = join(stackFolder, "cdk.tf.json");
  const json = JSON.parse(readFileSync(file, "utf8")) as StackJson;
  const resolved = {
    ...json,
    data: json.data && { ...json.data, archive_file: undefined },
    provider: { ...json.provider, archive: undefined },
    terraform: {
      ...json.terraform,
      required_providers: { ...json.terraform.required_providers, archive: undefined },
    },
  };
  // In lines as cdktf writes it: Terraform's errors show the line that they are about.
  let text = JSON.stringify(resolved, null, 2);
  for (const [name, archive] of Object.entries(json.data?.archive_file ?? {})) {
    const zip = zipFolder(join(stackFolder, archive.source_dir));
    writeFileSync(join(stackFolder, archive.output_path), zip);
    const hash = createHash("sha256").update(zip).digest("base64");
    text = text
      .replaceAll(`\${data.archive_file.${name}.output_path}`, archive.output_path)
      .replaceAll(`\${data.archive_file.${name}.output_base64sha256}`, hash);
  }
  writeFileSync(file, text);
}

function zipFolder(folder: string): Uint8Array {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
  return zipSync(
    Object.fromEntries(files.map((file) => [file.slice(folder.length + 1), readFileSync(file)])),
    { mtime, os: 3, attrs: 0o644 << 16 },
  );
}
