import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "./command";

/** Types of resources (`aws_lambda_alias`), and of data sources. */
export interface ProviderTypes {
  readonly resources: ReadonlySet<string>;
  readonly dataSources: ReadonlySet<string>;
}

/** The types of the AWS provider that the sources of this project use. */
export function usedTypes(): ProviderTypes {
  const sources = ["constructs", "stacks", "__tests__/support"]
    .flatMap((folder) => readdirSync(join(projectFolder, folder)).map((name) => join(folder, name)))
    .filter((path) => path.endsWith(".ts"))
    .map((path) => readFileSync(join(projectFolder, path), "utf8"));
  const bindings = sources.flatMap((text) =>
    [...text.matchAll(/@cdktf\/provider-aws\/lib\/([a-z0-9-]+)/g)].map(([, name = ""]) => name),
  );
  const types = (names: readonly string[]) =>
    new Set(names.map((name) => `aws_${name.replaceAll("-", "_")}`));
  const prefix = "data-aws-";
  return {
    resources: types(bindings.filter((name) => !name.startsWith(prefix))),
    dataSources: types(
      bindings.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length)),
    ),
  };
}

/** Fields of the protocol's `GetProviderSchema.Response` that are a map by type. */
const resourceSchemas = 2;
const dataSourceSchemas = 3;

/**
 * Leaves out of a provider's schema the types that nobody uses: of its some 2,000, Terraform takes seconds to read.
 * Those that stay are the provider's own, byte for byte.
 *
 * @param message a gRPC message of the protocol's `GetProviderSchema.Response`
 */
export function withTypes(message: Buffer, { resources, dataSources }: ProviderTypes): Buffer {
  const kept = fields(message.subarray(frameLength)).filter(({ number, content }) => {
    if (number === resourceSchemas) return resources.has(keyOf(content));
    return number !== dataSourceSchemas || dataSources.has(keyOf(content));
  });
  const body = Buffer.concat(kept.map(({ bytes }) => bytes));
  const frame = Buffer.alloc(frameLength);
  frame.writeUInt32BE(body.length, 1);
  return Buffer.concat([frame, body]);
}

/** Before each message gRPC writes whether it is compressed, and its length in four bytes. */
const frameLength = 5;

interface Field {
  readonly number: number;
  readonly content: Buffer;
  /** The field with its number and length. */
  readonly bytes: Buffer;
}

/** The fields of a protocol buffer that has none but strings, messages and maps of them. */
function fields(message: Buffer): Field[] {
  const found: Field[] = [];
  for (let start = 0; start < message.length; ) {
    const [tag, afterTag] = varint(message, start);
    if ((tag & 7) !== 2) throw new Error(`a field of the provider's schema has the wire type ${tag & 7}`);
    const [length, begin] = varint(message, afterTag);
    const end = begin + length;
    found.push({
      number: tag >> 3,
      content: message.subarray(begin, end),
      bytes: message.subarray(start, end),
    });
    start = end;
  }
  return found;
}

/** The key of an entry of a map: its first field. */
const keyOf = (entry: Buffer) => fields(entry)[0]?.content.toString() ?? "";

/** A number, and the place behind it. */
function varint(message: Buffer, start: number): [number, number] {
  let value = 0;
  let place = start;
  for (let shift = 0; ; shift += 7) {
    const byte = message[place++] ?? 0;
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return [value, place];
  }
}
