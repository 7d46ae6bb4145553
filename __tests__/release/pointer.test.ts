import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Pointer } from "../../src/release/pointer";
import { type ApiRelease, pointerOf } from "../../src/release/release";
import { shop as oneFunction } from "../e2e/lambda-versions";
import { releaseOf } from "../live/shop-context";
import { type Files, handler, synthesizeFiles } from "../support/project";
import { fingerprintOf, plainFingerprint, shopWithDefinition, wider } from "../support/shop";

type Resources = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

/** The pointer that Terraform makes of the shop: its references followed to the names that AWS sees. */
async function synthesizedPointer(files: Files): Promise<Pointer> {
  const outdir = await synthesizeFiles(files);
  const { resource } = JSON.parse(readFileSync(join(outdir, "stacks/shop-dev/cdk.tf.json"), "utf8")) as {
    resource: Resources;
  };
  const follow = (reference: unknown, attribute: string) => {
    const [, type = "", name = ""] = /^\$\{(\w+)\.([\w-]+)\./.exec(String(reference)) ?? [];
    return String(resource[type]?.[name]?.[attribute]);
  };
  const variablesOf = (variables: unknown) =>
    Object.fromEntries(
      Object.entries(variables as Record<string, string>).map(([name, value]) => [
        name,
        follow(value, value.includes("aws_lambda_alias") ? "name" : "function_name"),
      ]),
    );
  const [stage] = Object.values(resource["aws_api_gateway_stage"] ?? {});
  const canary = stage?.["canary_settings"] as Record<string, unknown> | undefined;
  const variables = [stage?.["variables"], canary?.["stage_variable_overrides"]].map((one) =>
    variablesOf(one ?? {}),
  );
  // The alias of a version that serves nobody is no part of the pointer.
  const isServing = ({ name }: Readonly<Record<string, unknown>>) =>
    !/^v\d+$/.test(String(name)) || variables.some(({ alias }) => alias === name);
  const all = Object.values(resource["aws_lambda_alias"] ?? {}).filter(isServing);
  const aliases = all.map((alias) => {
    const routing = alias["routing_config"] as { additional_version_weights: object } | undefined;
    return [
      alias["name"],
      { version: alias["function_version"], weights: routing?.additional_version_weights ?? {} },
    ];
  });
  return {
    stable: {
      deployment: follow(stage?.["deployment_id"], "description"),
      variables: variablesOf(stage?.["variables"]),
    },
    canary: canary && {
      deployment: follow(canary["deployment_id"], "description"),
      variables: variablesOf(canary["stage_variable_overrides"]),
      percent: Number(canary["percent_traffic"]),
    },
    aliases: Object.fromEntries(aliases),
  };
}

const versions = { "1": { fingerprint: plainFingerprint }, "2": { fingerprint: fingerprintOf(wider) } };
const canary = (version: string | number) => ({ canary: { version, percent: 12.5 } });
const two = {
  functions: ["shop", "cart"],
  api: { routes: [{ path: "/", function: "shop" }] },
  versions: { v1: { fingerprint: plainFingerprint }, v2: { fingerprint: plainFingerprint } },
};
const cart = { "lambdas/shop/v1/cart.ts": handler("v1"), "lambdas/shop/v2/cart.ts": handler("v2") };

/** What the release command moves, an apply must find where it would have moved it. */
test.each<[string, Files]>([
  ["a canary stage", shopWithDefinition(wider, canary("v2"))],
  ["a promoted canary stage", shopWithDefinition(wider, { stable: "v2", former: "v1" })],
  [
    "a canary stage of several functions",
    { ...shopWithDefinition(wider, { ...two, ...canary("v2") }), ...cart },
  ],
  ["an alias canary stage", oneFunction("alias-canary-stage", "a", { api: wider, versions, ...canary(2) })],
  ["a weighted alias", oneFunction("weighted-alias", "a", { versions: [1, 2], ...canary(2) })],
  ["a promoted weighted alias", oneFunction("weighted-alias", "a", { api: wider, versions, stable: 2 })],
  [
    "an alias of CodeDeploy's",
    oneFunction("codedeploy-alias", "a", { versions: [1, 2], canary: { version: 2 } }),
  ],
  ["a blue/green stage", oneFunction("blue-green-stage", "a", { api: wider, versions, stable: 2 })],
  [
    "a blue/green stage with an alias for other callers",
    oneFunction("blue-green-stage", "a", { versions: [1, 2], greenAlias: true }),
  ],
])("the pointer of %s is the one that its stack makes", async (_, files) => {
  const pointer = pointerOf(releaseOf(files) as ApiRelease);
  expect(pointer).toEqual(await synthesizedPointer(files));
});
