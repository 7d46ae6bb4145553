import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { installPython } from "../e2e/python-environment";

/** What a service's model says of one kind of value. */
export interface Shape {
  readonly type: string;
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly members?: Readonly<Record<string, { readonly shape: string; readonly documentation?: string }>>;
  readonly member?: { readonly shape: string };
  readonly key?: { readonly shape: string };
  readonly value?: { readonly shape: string };
}

export interface ServiceModel {
  readonly operations: Readonly<Record<string, { readonly input: { readonly shape: string } }>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

interface Partition {
  readonly id: string;
  readonly regionRegex: string;
  readonly outputs: { readonly dnsSuffix: string };
  readonly regions: Readonly<Record<string, object>>;
}

const folder = join(__dirname, "aws-models");

/** AWS's service models, out of a virtual environment of the tests' own. */
export class AwsModels {
  private readonly loaded = new Map<string, ServiceModel>();

  private constructor(private readonly data: string) {}

  static install(): AwsModels {
    installPython(folder, "AWS's service models");
    const [python = ""] = readdirSync(join(folder, ".venv/lib"));
    return new AwsModels(join(folder, ".venv/lib", python, "site-packages/botocore/data"));
  }

  service(name: string): ServiceModel {
    const known = this.loaded.get(name);
    if (known !== undefined) return known;
    // Its newest version.
    const version = readdirSync(join(this.data, name)).sort().at(-1) ?? "";
    const packed = readFileSync(join(this.data, name, version, "service-2.json.gz"));
    const model: ServiceModel = JSON.parse(gunzipSync(packed).toString());
    this.loaded.set(name, model);
    return model;
  }

  /** What a call takes. */
  input(service: string, operation: string): Shape {
    const { operations, shapes } = this.service(service);
    return shapes[operations[operation]?.input.shape ?? ""] as Shape;
  }

  /**
   * What is wrong with a value by the model, in lines. A value that is known only when it is deployed is not judged.
   *
   * @param path where it stands
   */
  faults(service: string, name: string, value: unknown, path: string): string[] {
    const shape = this.service(service).shapes[name] as Shape;
    if (value === null || value === undefined) return [];
    const below = (part: string, one: unknown, at: string) => this.faults(service, part, one, `${path}${at}`);
    if (shape.type === "structure") {
      const members = Object.entries(shape.members ?? {});
      // A name alone stands for what has no more than that.
      if (typeof value === "string") return below(members[0]?.[1].shape ?? "", value, "");
      return Object.entries(onlyOne(value) as object).flatMap(([field, one]) => {
        const [member, { shape: part }] = memberNamed(members, field) ?? ["", { shape: "" }];
        return member === "" ? [`${path}.${field} is no member of ${name}`] : below(part, one, `.${member}`);
      });
    }
    if (shape.type === "list" || shape.type === "map") {
      const { member, key, value: ofMap } = shape;
      const entries = Object.entries(
        member === undefined ? (value as object) : this.asList(service, member, value),
      );
      return [
        ...outside(shape, entries.length, path),
        ...entries.flatMap(([at, one]) => [
          ...(key === undefined ? [] : below(key.shape, at, `[${at.slice(0, 20)}]`)),
          ...below((member ?? ofMap)?.shape ?? "", one, `[${at.slice(0, 20)}]`),
        ]),
      ];
    }
    if (shape.type === "string") return faultsOfText(shape, String(value), path);
    if (["integer", "long", "double", "float"].includes(shape.type))
      return outside(shape, Number(value), path);
    return [];
  }

  /** Terraform has names with values as a map, and one block as it is, of what a service has as a list. */
  private asList(service: string, { shape }: { readonly shape: string }, value: unknown): readonly unknown[] {
    if (typeof value === "string") return JSON.parse(value);
    if (Array.isArray(value)) return value;
    const members = Object.keys(this.service(service).shapes[shape]?.members ?? {}).map((one) =>
      one.toLowerCase(),
    );
    if (members.join() !== "name,value") return [value];
    return Object.entries(value as object).map(([name, one]) => ({ name, value: one }));
  }

  partitions(): readonly Partition[] {
    return JSON.parse(readFileSync(join(this.data, "partitions.json"), "utf8")).partitions;
  }
}

/** A block of Terraform's of which there is one is a list of one. */
function onlyOne(value: unknown): unknown {
  return Array.isArray(value) && value.length === 1 ? value[0] : value;
}

/**
 * `function_name` is `FunctionName`; and where there is none of that name, `default_action` is `DefaultActions` and the
 * `percentage` of a canary `canaryPercentage`.
 */
export function memberNamed<T>(members: readonly (readonly [string, T])[], argument: string) {
  const name = argument.replaceAll("_", "").toLowerCase();
  const alike = (isAlike: (member: string) => boolean) => members.find(([one]) => isAlike(one.toLowerCase()));
  return (
    alike((one) => one === name) ??
    (name.length < 6 ? undefined : alike((one) => one.startsWith(name) || one.endsWith(name)))
  );
}

function outside({ min = -Infinity, max = Infinity }: Shape, size: number, path: string): string[] {
  return size >= min && size <= max ? [] : [`${path} has ${size}, and must have ${min} to ${max}`];
}

function faultsOfText(shape: Shape, text: string, path: string): string[] {
  if (text.includes("${")) return [];
  const { pattern, enum: words } = shape;
  const shown = text.slice(0, 40);
  return [
    ...outside(shape, text.length, path),
    ...(pattern === undefined || regularExpression(pattern).test(text)
      ? []
      : [`${path} ${shown} is not ${pattern}`]),
    ...(words === undefined || words.includes(text)
      ? []
      : [`${path} ${shown} is none of ${words.join(", ")}`]),
  ];
}

/** Classes of Unicode need the flag, with which a hyphen that stands for itself must be last. */
function regularExpression(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`, pattern.includes("\\p{") ? "u" : "");
}
