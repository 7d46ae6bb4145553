import type { GitHubResources } from "./github-resources";
import { allow, type Statement } from "./policy-document";

type CodeResources = Pick<GitHubResources, "codeObjects" | "ownLayers">;

/** What a plan reads of layers that the stacks make. */
export function layerReads({ ownLayers }: CodeResources): Statement[] {
  return ownLayers.length === 0 ? [] : [allow(["lambda:GetLayerVersion"], ownLayers)];
}

/**
 * What a deploy of code in S3 and of layers does: Lambda reads an object as the one who names it.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-function-zip.html#configuration-function-zip-permissions
 */
export function codeChanges({ codeObjects, ownLayers }: CodeResources): Statement[] {
  return [
    ...(codeObjects.length === 0 ? [] : [allow(["s3:GetObject", "s3:GetObjectVersion"], codeObjects)]),
    ...(ownLayers.length === 0
      ? []
      : [allow(["lambda:DeleteLayerVersion", "lambda:PublishLayerVersion"], ownLayers)]),
  ];
}
