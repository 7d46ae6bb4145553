import { isDeepStrictEqual } from "node:util";
import type { Arguments } from "./configuration";

/** What a function runs: its arguments, resolved, with what AWS added, and its code. */
export interface FunctionContent {
  readonly attributes: Arguments;
  /** The folder that its archive was made of, and what names that folder's content. @default - an image */
  readonly code?: { readonly sourceDir: string; readonly digest: string };
}

/** What a function ran when the version was published. */
export interface PublishedVersion extends FunctionContent {
  /** `1`, `2` and so on. */
  readonly version: string;
}

/** What is the function's and not its version's. The code counts by its content, wherever it comes from. */
const notPublished = ["filename", "source_code_hash", "publish", "tags", "reserved_concurrent_executions"];

/** The archives of a stack: the content that a function has by its `filename`. */
export function contentOf(
  attributes: Arguments,
  blocks: Iterable<{ readonly type: string; readonly attributes: Arguments }>,
): FunctionContent {
  const archive = [...blocks].find(
    (one) => one.type === "archive_file" && one.attributes["output_path"] === attributes["filename"],
  );
  if (archive === undefined) return { attributes };
  const { source_dir, output_base64sha256 } = archive.attributes;
  return { attributes, code: { sourceDir: String(source_dir), digest: String(output_base64sha256) } };
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

function published({ attributes, code }: FunctionContent) {
  const own = Object.entries(attributes).filter(([name]) => !notPublished.includes(name));
  return { digest: code?.digest, ...Object.fromEntries(own) };
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
