import { isDeepStrictEqual } from "node:util";
import type { Arguments } from "./configuration";

/** What a function runs: its arguments, resolved, with what AWS added, and its code. */
export interface FunctionContent {
  readonly attributes: Arguments;
  /** @default - an image, or an object in S3 */
  readonly code?: PackagedCode;
  /** The layers of the stack, and the ARNs of others, in the order in which Lambda unpacks them. @default - none */
  readonly layers?: readonly (PackagedCode | string)[];
}

/** What a package holds. */
export interface PackagedCode {
  /** The folder that its archive is made of, or a zip file that is there. */
  readonly sourceDir: string;
  /** Names the content. */
  readonly digest: string;
  /** Whether its files are executable. @default - as they are in the folder or zip file */
  readonly isExecutable?: boolean;
}

/** What a function ran when the version was published. */
export interface PublishedVersion extends FunctionContent {
  /** `1`, `2` and so on. */
  readonly version: string;
}

/** What is the function's and not its version's. The code counts by its content, wherever it comes from. */
const notPublished = [
  "filename",
  "source_code_hash",
  "publish",
  "tags",
  "reserved_concurrent_executions",
  "layers",
];

type Blocks = readonly { readonly type: string; readonly attributes: Arguments }[];

/** The content that a function has by its `filename` and its `layers`. */
export function contentOf(
  attributes: Arguments,
  blocks: Iterable<{ readonly type: string; readonly attributes: Arguments }>,
): FunctionContent {
  const all = [...blocks];
  const arns = (attributes["layers"] ?? []) as readonly string[];
  const layers = arns.map((arn) => layerOf(arn, all) ?? arn);
  const code = packagedCode(attributes, all);
  return { attributes, ...(code && { code }), ...(layers.length > 0 && { layers }) };
}

function layerOf(arn: string, blocks: Blocks): PackagedCode | undefined {
  const layer = blocks.find(
    ({ type, attributes }) => type === "aws_lambda_layer_version" && attributes["arn"] === arn,
  );
  return layer && packagedCode(layer.attributes, blocks);
}

function packagedCode({ filename, source_code_hash }: Arguments, blocks: Blocks): PackagedCode | undefined {
  if (filename === undefined) return undefined;
  const archive = blocks.find(
    ({ type, attributes }) => type === "archive_file" && attributes["output_path"] === filename,
  );
  if (archive !== undefined) {
    const { source_dir, output_base64sha256, output_file_mode } = archive.attributes;
    return {
      sourceDir: String(source_dir),
      digest: String(output_base64sha256),
      ...(output_file_mode === "0755" && { isExecutable: true }),
    };
  }
  // A zip file that is there: its hash is worked out of the file itself.
  return source_code_hash === undefined
    ? undefined
    : { sourceDir: String(filename), digest: String(source_code_hash) };
}

/** Those of before, and another one where the function publishes and differs from the last. */
export function publish(
  before: readonly PublishedVersion[],
  content: FunctionContent,
): readonly PublishedVersion[] {
  if (content.attributes["publish"] !== true) return before;
  const last = before.at(-1);
  if (last !== undefined && isDeepStrictEqual(published(last), published(content))) return before;
  return [...before, { version: String(before.length + 1), ...content }];
}

function published({ attributes, code, layers = [] }: FunctionContent) {
  const own = Object.entries(attributes).filter(([name]) => !notPublished.includes(name));
  const layerDigests = layers.map((one) => (typeof one === "string" ? one : one.digest));
  return { digest: code?.digest, layerDigests, ...Object.fromEntries(own) };
}

/** The function's attributes that tell its last version. */
export function versionAttributes(
  { arn, invoke_arn }: Arguments,
  versions: readonly PublishedVersion[],
): Record<string, string> {
  const version = versions.at(-1)?.version ?? "$LATEST";
  return {
    version,
    qualified_arn: `${arn}:${version}`,
    qualified_invoke_arn: String(invoke_arn).replace(/\/invocations$/, `:${version}/invocations`),
  };
}
