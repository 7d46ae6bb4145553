import { join } from "node:path";
import { environment } from "../support/bootstrap";
import { shop, synthesizeFiles } from "../support/project";
import { describePlans, terraform } from "./describe-plans";
import { counts, plan } from "./plan";

/** The shop in an environment with these fields. */
const shopIn = (fields: object) => shop({}, { "releases/dev/environment.json": fields });

/** The plan of the bootstrap stack of an environment with these fields, from nothing. */
async function bootstrap(fields: object) {
  return terraform().plan(join(await synthesizeFiles(shopIn(fields)), "stacks/bootstrap-dev"));
}

describePlans("bootstrap", () => {
  test.each([
    ["aws", "eu-central-1"],
    ["aws-cn", "cn-north-1"],
    ["aws-us-gov", "us-gov-west-1"],
  ])("in %s makes everything, and names nothing of another partition", async (partition, region) => {
    const planned = await bootstrap(environment({}, { region }));
    expect(counts(planned)).toEqual([14, 0, 0]);
    const partitions = JSON.stringify(planned.changes).match(/arn:[\w-]*(?=:)/g);
    expect(new Set(partitions)).toEqual(new Set([`arn:${partition}`]));
  });

  test("makes neither bucket nor provider where the account has them", async () => {
    const planned = await bootstrap(environment({ accountHas: ["oidc-provider", "state-bucket"] }));
    expect(counts(planned)).toEqual([7, 0, 0]);
  });

  test("limits the roles of a service that is there in place, and changes nothing else", async () => {
    const before = shopIn(environment({}, { github: undefined }));
    const { changes } = await plan(before, shopIn(environment()));
    expect(changes.map(({ type, action, after }) => [action, type, after["permissions_boundary"]])).toEqual([
      ["update", "aws_iam_role", "arn:aws:iam::123456789012:policy/bootstrap/bootstrap-dev-functions"],
      ["update", "aws_iam_role", "arn:aws:iam::123456789012:policy/bootstrap/bootstrap-dev-functions"],
    ]);
  });
});
