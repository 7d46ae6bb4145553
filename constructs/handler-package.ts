import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DataArchiveFile } from "@cdktf/provider-archive/lib/data-archive-file";
import { type ISynthesisSession, TerraformStack } from "cdktf";
import { addCustomSynthesis } from "cdktf/lib/synthesize/synthesizer";
import { Construct } from "constructs";
import type { PackageFiles } from "../packaging/handler-files";

export interface HandlerPackageProps {
  /** Names the folder and the zip file in the stack's output. */
  readonly name: string;
  readonly files: PackageFiles;
}

/**
 * The code of one function: written beside the stack's JSON when the app is synthesized, zipped by Terraform
 * when it plans. Paths are relative and file modes fixed, so the zip has the same bytes on every machine.
 */
export class HandlerPackage extends Construct {
  /** Path of the zip file, relative to the stack's JSON. */
  readonly path: string;
  /** SHA-256 of the zip file in base64, by which Terraform sees that code changed. */
  readonly hash: string;

  constructor(scope: Construct, id: string, props: HandlerPackageProps) {
    super(scope, id);
    const folder = `packages/${props.name}`;
    const archive = new DataArchiveFile(this, "Resource", {
      type: "zip",
      sourceDir: folder,
      outputPath: `${folder}.zip`,
      outputFileMode: "0644",
    });
    this.path = archive.outputPath;
    this.hash = archive.outputBase64Sha256;
    addCustomSynthesis(this, {
      onSynthesize: (session) => writeFiles(join(stackFolder(this, session), folder), props.files),
    });
  }
}

function stackFolder(construct: Construct, session: ISynthesisSession): string {
  return join(session.outdir, session.manifest.forStack(TerraformStack.of(construct)).workingDirectory);
}

function writeFiles(folder: string, files: PackageFiles): void {
  rmSync(folder, { recursive: true, force: true });
  for (const [path, content] of files) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}
