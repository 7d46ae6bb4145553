import { z } from "zod";
import { awsLimits } from "../aws/aws-limits";
import { bucketName } from "./bucket-name";
import { list, object, text } from "./fields";

/** What a release file says of code that is built elsewhere, and of layers. */

const path = (what: string) =>
  text(
    `the path of ${what}, relative to the function's folder`,
    /^(?!\/)(?!.*\/\/)[^\\:*?"<>|\p{C}]*[^/\\:*?"<>|\p{C}]$/u,
    512,
  );

/** https://docs.aws.amazon.com/lambda/latest/api/API_FunctionCode.html */
const storedObject = object({
  bucket: bucketName.describe("Bucket, in the function's region."),
  key: text("the key of an object, 1024 characters at most", /^[^\p{C}]+$/u, 1024).describe(
    "Key of the zip file.",
  ),
  versionId: text(
    'the id of a version of the object, and not "null"',
    /^(?!null$)[^\s\p{C}]+$/u,
    1024,
  ).describe("Version of the object, in a bucket with versioning. Another one is a change of code."),
});

export const builtCode = object({
  path: path("a folder, .zip or .jar")
    .describe('A folder, .zip or .jar, relative to the function\'s folder, which may be "." itself.')
    .optional(),
  s3: storedObject.describe("A zip file in S3. A rehearsal cannot run it.").optional(),
})
  .refine(({ path, s3 }) => (path === undefined) !== (s3 === undefined), {
    error: 'must have either "path" or "s3"',
  })
  .describe(
    "Code that is built elsewhere and deployed as it is. It needs 'runtime'. Default: the handler file is packaged.",
  )
  .optional();

const layerArn = text(
  "the ARN of a layer version",
  /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:layer:[A-Za-z0-9_-]+:\d+$/,
  140,
);

/** The last part of the path names the layer in AWS. */
const layerFolder = object({
  path: path("a folder or .zip")
    .regex(/(?:^|\/)[A-Za-z0-9_-]{1,40}(?:\.zip)?$/, {
      error: "must end with a name of 1 to 40 letters, digits, '-' and '_', and .zip for a zip file",
    })
    .describe("A folder or .zip, relative to the function's folder. Its name is part of the layer's name."),
});

export const layers = list(
  z.union([layerArn, layerFolder], {
    error: 'must be the ARN of a layer version, or { "path": ... } of a layer in the project',
  }),
  0,
  awsLimits.functionLayers.most,
  "layer versions",
)
  .describe('ARNs of layer versions, or { "path": ... } of layers in the project, 5 at most. Default: none.')
  .optional();

export type BuiltCode = NonNullable<z.infer<typeof builtCode>>;
export type Layer = NonNullable<z.infer<typeof layers>>[number];
