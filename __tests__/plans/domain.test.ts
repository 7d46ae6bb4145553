import { join } from "node:path";
import { type Files, shop, synthesizeFiles } from "../support/project";
import { describePlans, terraform } from "./describe-plans";
import { reviewOf } from "./describe-reviews";
import { plan, touched, touchedNames } from "./plan";

const domain = {
  name: "api.example.com",
  certificateArn: "arn:aws:acm:eu-central-1:111122223333:certificate/1a",
  record: { hostedZoneId: "Z0123456789ABCDEFGHIJ" },
};

/** The shop on a domain. */
function shopOn(release: object, basePath: string | undefined = "shop", name = domain.name): Files {
  const environment = { region: "eu-central-1", domain: { ...domain, name } };
  return shop({ stage: { basePath }, ...release }, { "releases/dev/environment.json": environment });
}

const first = shopOn({});
const ten = shopOn({ canary: { version: "v2", percent: 10 } });

describePlans("a custom domain", () => {
  test("is planned by itself, with its record", async () => {
    const outdir = await synthesizeFiles(first);
    const planned = await terraform().plan(join(outdir, "stacks/domain-dev"));
    expect(touched(planned)).toEqual(["create aws_api_gateway_domain_name", "create aws_route53_record"]);
  });

  test("comes to a service as one mapping, and a step of a release does not change it", async () => {
    const without = shop({}, { "releases/dev/environment.json": { region: "eu-central-1", domain } });
    expect(touchedNames(await plan(without, first))).toEqual([
      "create aws_api_gateway_base_path_mapping.base-path",
    ]);
    expect((await reviewOf([without, first])).findings).toEqual([]);
    expect(touchedNames(await plan(first, ten))).toEqual(["update aws_api_gateway_stage.canary-stage"]);
    expect(touchedNames(await plan(first, ten, shopOn({ stable: "v2" })))).toEqual([
      "update aws_api_gateway_stage.canary-stage",
    ]);
  });

  test("changes the mapping in place for another path, and replaces it for another domain", async () => {
    expect(touchedNames(await plan(first, shopOn({}, "store")))).toEqual([
      "update aws_api_gateway_base_path_mapping.base-path",
    ]);
    expect(touchedNames(await plan(first, shopOn({}, "shop", "api.example.org")))).toEqual([
      "delete/create aws_api_gateway_base_path_mapping.base-path",
    ]);
  });
});
