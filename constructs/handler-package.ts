import { DataArchiveFile } from "@cdktf/provider-archive/lib/data-archive-file";
import { Fn } from "cdktf";
import { Construct } from "constructs";
import { packageFolder } from "../src/synth/output";

/** How a package stands beside the stack's JSON. */
export type PackageKind =
  /** A folder, none of whose files is executable. */
  | "folder"
  /** A folder, all of whose files are executable: what starts them may be one of them. */
  | "executable folder"
  /** A zip file, which is deployed as it is. */
  | "zip";

/**
 * The code of one function, or of one of its layers, which stands beside the stack's JSON and which Terraform zips when it plans. Paths
 * are relative and file modes fixed, so the zip has the same bytes on every machine.
 */
export class HandlerPackage extends Construct {
  /** Path of the zip file, relative to the stack's JSON. */
  readonly path: string;
  /** SHA-256 of the zip file in base64, by which Terraform sees that code changed. */
  readonly hash: string;

  /** @param name names folder and zip file: the function's name in AWS, or that of the layer's package */
  constructor(scope: Construct, id: string, name: string, kind: PackageKind = "folder") {
    super(scope, id);
    const folder = packageFolder(name);
    if (kind === "zip") {
      this.path = `${folder}.zip`;
      this.hash = Fn.filebase64sha256(this.path);
      return;
    }
    const archive = new DataArchiveFile(this, "Resource", {
      type: "zip",
      sourceDir: folder,
      outputPath: `${folder}.zip`,
      outputFileMode: kind === "executable folder" ? "0755" : "0644",
    });
    this.path = archive.outputPath;
    this.hash = archive.outputBase64Sha256;
  }
}
