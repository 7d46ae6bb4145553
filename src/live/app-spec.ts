import { createHash } from "node:crypto";

/** What is shifted, as CodeDeploy names it, with the functions that it asks on the way. */
export interface AppSpec {
  readonly name: string;
  /** `AWS::Lambda::Function` */
  readonly type: string;
  readonly properties: object;
  /** By CodeDeploy's names for the hooks. */
  readonly hooks: Readonly<Record<string, string>>;
}

/** https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure.html */
export function appSpecContent({ name, type, properties, hooks }: AppSpec) {
  const called = Object.entries(hooks).map(([event, hook]) => ({ [event]: hook }));
  const content = JSON.stringify({
    // As a text: JSON has no other way to keep the zero behind the point.
    version: "0.0",
    Resources: [{ [name]: { Type: type, Properties: properties } }],
    Hooks: called.length > 0 ? called : undefined,
  });
  return { content, sha256: createHash("sha256").update(content).digest("hex") };
}
