import { DataArchiveFile } from "@cdktf/provider-archive/lib/data-archive-file";
import { Construct } from "constructs";
import { packageFolder } from "../src/synth/output";

/**
 * The code of one function, which stands beside the stack's JSON and which Terraform zips when it plans. Paths
 * are relative and file modes fixed, so the zip has the same bytes on every machine.
 */
export class HandlerPackage extends Construct {
  /** Path of the zip file, relative to the stack's JSON. */
  readonly path: string;
  /** SHA-256 of the zip file in base64, by which Terraform sees that code changed. */
  readonly hash: string;

  /** @param functionName the function's name in AWS, which names folder and zip file */
  constructor(scope: Construct, id: string, functionName: string) {
    super(scope, id);
    const folder = packageFolder(functionName);
    const archive = new DataArchiveFile(this, "Resource", {
      type: "zip",
      sourceDir: folder,
      outputPath: `${folder}.zip`,
      outputFileMode: "0644",
    });
    this.path = archive.outputPath;
    this.hash = archive.outputBase64Sha256;
  }
}
