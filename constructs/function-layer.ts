import { LambdaLayerVersion } from "@cdktf/provider-aws/lib/lambda-layer-version";
import { Construct } from "constructs";
import type { ProjectLayer } from "../src/release/functions/layers";
import { isZip } from "../src/synth/built-code";
import { layerPackage } from "../src/synth/built-packages";
import { HandlerPackage } from "./handler-package";
import { outlivesPointers } from "./outlives-pointers";

/**
 * A layer of the project, made for one function. Another content is another version of the layer: the function is
 * changed to it before the former version goes, and versions that Lambda published keep the former content.
 * https://docs.aws.amazon.com/lambda/latest/dg/creating-deleting-layers.html
 */
export class FunctionLayer extends Construct {
  /** With its version. */
  readonly arn: string;

  constructor(scope: Construct, id: string, { awsName, path }: ProjectLayer) {
    super(scope, id);
    const kind = isZip(path) ? "zip" : "executable folder";
    const code = new HandlerPackage(this, "package", layerPackage(awsName), kind);
    this.arn = new LambdaLayerVersion(this, "Resource", {
      layerName: awsName,
      filename: code.path,
      sourceCodeHash: code.hash,
      lifecycle: outlivesPointers,
    }).arn;
  }
}
