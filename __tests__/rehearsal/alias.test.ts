import { functionsOf } from "../../src/rehearsal/lambda/function";
import { AppliedState } from "../../src/rehearsal/terraform/applied-state";
import { type AliasStack, aliasStack, deployment, permission, stackFolder } from "../support/alias-stack";
import { RehearsedAliases } from "../support/rehearse";

const weighted = (version: string, weights: object) => ({
  function_version: version,
  routing_config: { additional_version_weights: weights },
});
/** Changes the function, so that it publishes its next version. */
const publishing = (timeout: number) => ({ lambda: { timeout } });

/** Two published versions, and then this. */
async function afterTwo(stack: AliasStack): Promise<RehearsedAliases> {
  const rehearsed = await RehearsedAliases.of();
  rehearsed.apply({ ...publishing(5), ...stack });
  return rehearsed;
}

describe("what a call of an alias runs", () => {
  test("is the alias's version, whatever the function has become", async () => {
    const rehearsed = await afterTwo({ aliases: { live: { function_version: "1" } } });
    expect(await rehearsed.count("/dev/", 3)).toEqual({ "1": 3 });
    rehearsed.apply({ ...publishing(5), aliases: { live: { function_version: "2" } } });
    expect(await rehearsed.count("/dev/", 3)).toEqual({ "2": 3 });
  });

  test("is drawn for each call by the alias's weight, the same with the same seed", async () => {
    const counts = async () => {
      const rehearsed = await afterTwo({ aliases: { live: weighted("1", { "2": 0.25 }) } });
      return rehearsed.count("/dev/", 400);
    };
    const { "1": one = 0, "2": two = 0 } = await counts();
    expect(one + two).toBe(400);
    // 99.99 % of draws; the seed makes it the same one each time.
    expect(two).toBeGreaterThan(66);
    expect(two).toBeLessThan(136);
    expect(await counts()).toEqual({ "1": one, "2": two });
  });

  test.each([
    [0, { "1": 20 }],
    [1, { "2": 20 }],
  ])("is certain at the weight %d", async (weight, expected) => {
    const rehearsed = await afterTwo({ aliases: { live: weighted("1", { "2": weight }) } });
    expect(await rehearsed.count("/dev/", 20)).toEqual(expected);
  });

  test("stays what it was where Terraform is told to ignore what the alias names", async () => {
    const lifecycle = { ignore_changes: ["function_version", "routing_config"] };
    const rehearsed = await afterTwo({ aliases: { live: weighted("1", { "2": 0.5 }) } });
    const moved = { ...publishing(5), aliases: { live: { function_version: "2", lifecycle } } };
    expect(rehearsed.apply(moved).changed).toEqual([]);
    expect(Object.keys(await rehearsed.count("/dev/", 40)).sort()).toEqual(["1", "2"]);
    const anew = {
      ...moved,
      aliases: { live: { ...moved.aliases.live, name: "next" } },
      target: "shop-dev:next",
      resource: { aws_api_gateway_deployment: { first: deployment("two") } },
    };
    rehearsed.apply(anew);
    expect(await rehearsed.count("/dev/", 5)).toEqual({ "2": 5 });
  });

  test.each(["all", ["routing_config[0].weights"]])("is not guessed where %j is to be ignored", (ignored) => {
    const aliases = { live: { function_version: "1", lifecycle: { ignore_changes: ignored } } };
    expect(() => aliasStack(stackFolder(), { aliases })).toThrow(
      "aws_lambda_alias.live: 'ignore_changes' must name arguments, and parts of them or all are not understood",
    );
  });

  test.each([
    ["shop-dev:1", "1"],
    ["shop-dev:$${stageVariables.alias}", "2"],
    ["$${stageVariables.shopFunction}", "2"],
  ])("behind %s is %s", async (target, version) => {
    const rehearsed = await RehearsedAliases.of();
    rehearsed.apply({
      ...publishing(5),
      target,
      aliases: { live: { function_version: "1" }, next: { function_version: "2" } },
      stage: {
        variables: { alias: "next", shopFunction: "shop-dev:next" },
        deployment_id: "${aws_api_gateway_deployment.second.id}",
      },
      resource: {
        aws_lambda_permission: { version: { ...permission("live"), qualifier: "1" } },
        aws_api_gateway_deployment: {
          second: { rest_api_id: "${aws_api_gateway_rest_api.shop.id}", triggers: { fingerprint: "two" } },
        },
      },
    });
    expect(await rehearsed.count("/dev/", 2)).toEqual({ [version]: 2 });
  });

  test("knows itself by its version, and what it was called by", async () => {
    const answer =
      "{ body: JSON.stringify([context.functionVersion, context.invokedFunctionArn, context.logStreamName.slice(0, 13), process.env.AWS_LAMBDA_FUNCTION_VERSION]) }";
    const rehearsed = await RehearsedAliases.of({ answer });
    expect(await (await rehearsed.fetch("/dev/")).json()).toEqual([
      "1",
      "arn:aws:lambda:eu-central-1:123456789012:function:shop-dev:live",
      "rehearsal/[1]",
      "1",
    ]);
    expect(rehearsed.records.at(-1)).toMatchObject({ functionName: "shop-dev", functionVersion: "1" });
  });

  test("keeps what it has in memory while the alias stays, and ends with it", async () => {
    const answer = "{ body: String(globalThis.calls = (globalThis.calls ?? 0) + 1) }";
    const rehearsed = await RehearsedAliases.of({ answer });
    expect(await rehearsed.count("/dev/", 2)).toEqual({ "1": 1, "2": 1 });
    rehearsed.apply({ answer, ...publishing(5) });
    expect(await rehearsed.count("/dev/", 1)).toEqual({ "3": 1 });
    rehearsed.apply({ answer, ...publishing(5), aliases: { live: { function_version: "2" } } });
    rehearsed.apply({ answer, ...publishing(5) });
    expect(await rehearsed.count("/dev/", 1)).toEqual({ "1": 1 });
  });
});

describe("a permission", () => {
  const statusWith = async (change: AliasStack): Promise<[number, string | undefined]> => {
    const rehearsed = await RehearsedAliases.of(change);
    return [(await rehearsed.fetch("/dev/")).status, rehearsed.lastReason];
  };
  const only = (statement: object | undefined): AliasStack => ({
    resource: { aws_lambda_permission: { live: { ...permission("live"), ...statement } } },
  });

  test("of the alias admits calls of the alias", async () => {
    expect(await statusWith({})).toEqual([200, undefined]);
  });

  test("of the function itself, or of another alias, does not", async () => {
    const refused = [500, "function shop-dev:live has no permission for API Gateway"];
    expect(await statusWith(only({ qualifier: undefined }))).toEqual(refused);
    const aliases = { live: { function_version: "1" }, other: { function_version: "1" } };
    const other = only({ qualifier: "${aws_lambda_alias.other.name}" });
    expect(await statusWith({ ...other, aliases })).toEqual(refused);
  });

  test("of the alias does not admit calls of the function itself", async () => {
    expect(await statusWith({ target: "shop-dev" })).toEqual([
      500,
      "function shop-dev has no permission for API Gateway",
    ]);
  });

  test("for another API names the alias that refuses", async () => {
    const [status, reason] = await statusWith(only({ source_arn: "arn:aws:execute-api:*:*:other/*" }));
    expect(status).toBe(500);
    expect(reason).toMatch(/^function shop-dev:live admits arn:aws:execute-api:\*:\*:other\/\*, not arn:/);
  });

  test("cannot help an alias that is not there", async () => {
    expect(await statusWith({ target: "shop-dev:blue" })).toEqual([
      500,
      "function shop-dev has no alias or version blue",
    ]);
  });
});

describe("what Lambda refuses is refused in a line", () => {
  const apply = (stack: AliasStack) => {
    const folder = stackFolder();
    const { state } = AppliedState.empty.apply(aliasStack(folder, { aliases: {} }));
    const next = state.apply(aliasStack(folder, { aliases: {}, lambda: { timeout: 5 }, ...stack })).state;
    return functionsOf(next);
  };
  const weights = "aws_lambda_alias.live: 'routing_config.additional_version_weights'";

  test.each([
    [weighted("1", { "2": 0.1, "3": 0.1 }), `${weights} must have one version at most, got "2" and "3"`],
    [weighted("1", { "2": 1.5 }), `${weights} must be a number between 0 and 1, got 1.5`],
    [weighted("1", { "2": -0.1 }), `${weights} must be a number between 0 and 1, got -0.1`],
    [weighted("2", { "2": 0.1 }), `${weights} must have another version than 'function_version', got "2"`],
    [
      weighted("$LATEST", { "2": 0.1 }),
      `aws_lambda_alias.live: 'function_version' must be a published version where the alias has weights, got "$LATEST"`,
    ],
    [
      weighted("1", { $LATEST: 0.1 }),
      `${weights} must be a published version of shop-dev (1, 2), got "$LATEST"`,
    ],
    [
      { function_version: "3" },
      `aws_lambda_alias.live: 'function_version' must be a published version of shop-dev (1, 2), got "3"`,
    ],
    [
      { function_version: "1", name: "12" },
      `aws_lambda_alias.live: 'name' must have 1 to 128 letters, digits, '-' and '_', and not digits alone, got "12"`,
    ],
  ])("%j", (live, message) => {
    expect(() => apply({ aliases: { live } })).toThrow(new Error(message));
  });

  test("weights between versions with different roles", () => {
    const lambda = { timeout: 5, role: "arn:aws:iam::123456789012:role/other" };
    expect(() => apply({ lambda, aliases: { live: weighted("1", { "2": 0.1 }) } })).toThrow(
      `${weights} must have a version with the role of version 1, got arn:aws:iam::123456789012:role/other`,
    );
  });

  test("an alias of a function that is not there", () => {
    const live = { function_version: "1", function_name: "other" };
    expect(() => apply({ aliases: { live } })).toThrow(
      `aws_lambda_alias.live: 'function_name' must be a function of the stack, got "other"`,
    );
  });

  const provisioned = (qualifier: string): AliasStack["resource"] => ({
    aws_lambda_provisioned_concurrency_config: {
      live: { function_name: "${aws_lambda_function.shop.function_name}", qualifier },
    },
  });
  const must =
    "aws_lambda_provisioned_concurrency_config.live: 'qualifier' must be an alias without weights or a published version";

  test.each([
    ["live", { function_version: "1" }],
    ["2", { function_version: "1" }],
  ])("but not provisioned concurrency of %s", (qualifier, live) => {
    expect(() => apply({ aliases: { live }, resource: provisioned(qualifier) })).not.toThrow();
  });

  test.each([
    ["live", weighted("1", { "2": 0.1 }), `${must}, got "live", an alias with a weight for version 2`],
    ["live", { function_version: "$LATEST" }, `${must}, got "live", an alias of $LATEST`],
    ["$LATEST", { function_version: "1" }, `${must}, got "$LATEST"`],
    ["7", { function_version: "1" }, `${must}, got "7"`],
  ])("provisioned concurrency of %s with %j", (qualifier, live, message) => {
    expect(() => apply({ aliases: { live }, resource: provisioned(qualifier) })).toThrow(new Error(message));
  });
});

test("a container image is a runtime that is missing here", async () => {
  const lambda = {
    package_type: "Image",
    image_uri: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop:1",
    filename: undefined,
    handler: undefined,
    runtime: undefined,
  };
  await expect(RehearsedAliases.of({ lambda })).rejects.toThrow(
    new Error("shop-dev is a container image, which is not rehearsed"),
  );
});
