import { environment, stackOf } from "../support/bootstrap";
import { handler } from "../support/project";

interface Stack {
  readonly resource: Readonly<Record<string, Readonly<Record<string, { readonly role?: string }>>>>;
  readonly removed?: readonly { readonly from: string; readonly lifecycle: object }[];
}

const files = { "lambdas/shop/shop.ts": handler("shop"), "lambdas/hooks/before.ts": handler("before") };
const alias = { versions: [1], stable: 1, alarms: { errors: { threshold: 1, on: ["version", "alias"] } } };

const stackIn = async (fields: object, release: object): Promise<Stack> =>
  JSON.parse(await stackOf("shop-dev", fields, release, files));

/** The addresses of the roles and of their policies. */
const rolesOf = ({ resource }: Stack) =>
  ["aws_iam_role", "aws_iam_role_policy"].flatMap((type) =>
    Object.keys(resource[type] ?? {}).map((name) => `${type}.${name}`),
  );

describe.each([
  [{}],
  [{ ...alias, strategy: "alias-canary-stage", alarms: undefined }],
  [{ ...alias, strategy: "weighted-alias" }],
  [{ ...alias, strategy: "blue-green-stage", alarms: undefined }],
  [{ ...alias, strategy: "codedeploy-alias", hooks: { beforeTraffic: "before" } }],
])("a service that GitHub deploys, %j", (release) => {
  test("forgets the very roles that it had without, and destroys none", async () => {
    const [before, after] = await Promise.all(
      [{ github: undefined }, {}].map((fields) => stackIn(environment({}, fields), release)),
    );
    const former = rolesOf(before as Stack);
    expect(former.length).toBeGreaterThan(0);
    expect(before?.removed).toBeUndefined();
    expect((after?.removed ?? []).map(({ from }) => from).sort()).toEqual([...former].sort());
    for (const { lifecycle } of after?.removed ?? []) expect(lifecycle).toEqual({ destroy: false });
    const now = rolesOf(after as Stack);
    expect(now).toHaveLength(former.length);
    expect(now.filter((one) => former.includes(one))).toEqual([]);
  });

  test("has each policy in a role of the path", async () => {
    const { resource } = await stackIn(environment(), release);
    for (const { role = "" } of Object.values(resource["aws_iam_role_policy"] ?? {})) {
      expect(role).toMatch(/^\$\{aws_iam_role\.\w+([\w-]*)_in-path_[\w-]*\.name\}$/);
    }
  });
});
