import { AppliedState } from "../../src/rehearsal/terraform/applied-state";
import { parseConfiguration } from "../../src/rehearsal/terraform/configuration";
import { aliasStack, stackFolder } from "../support/alias-stack";
import { RehearsedAliases } from "../support/rehearse";

const live = (version: string, weights?: object) => ({
  live: {
    function_version: version,
    ...(weights && { routing_config: { additional_version_weights: weights } }),
  },
});

const variables = { A: "1", B: "2" };
const withVariables = (lambda: object = {}) => ({ lambda: { environment: { variables }, ...lambda } });

test("a function's first version is 1, and what is unchanged publishes nothing", async () => {
  const rehearsed = await RehearsedAliases.of();
  expect(await rehearsed.count("/dev/", 2)).toEqual({ "1": 2 });
  expect(rehearsed.apply({})).toEqual({ added: [], changed: [], destroyed: [] });
});

test.each([
  ["its code", { answer: "{ body: 'other' }" }],
  ["its environment", { lambda: { environment: { variables: { MODE: "fast" } } } }],
  ["its memory", { lambda: { memory_size: 256 } }],
  ["its timeout", { lambda: { timeout: 5 } }],
  ["its handler", { lambda: { handler: "other.handler" } }],
  ["its runtime", { lambda: { runtime: "nodejs22.x" } }],
  ["its description", { lambda: { description: "shop" } }],
  ["the format of its logs", { lambda: { logging_config: { log_format: "JSON" } } }],
])("a change of %s publishes a version, which is a change of the function", async (_, change) => {
  const rehearsed = await RehearsedAliases.of();
  expect(rehearsed.apply(change)).toEqual({
    added: [],
    changed: ["aws_lambda_function.shop"],
    destroyed: [],
    published: [{ functionName: "shop-dev", version: "2" }],
  });
});

test.each([
  ["its tags", withVariables({ tags: { team: "shop" } }), ["aws_lambda_function.shop"]],
  [
    "its reserved executions",
    withVariables({ reserved_concurrent_executions: 5 }),
    ["aws_lambda_function.shop"],
  ],
  ["where its code comes from", withVariables({ source_code_hash: "other" }), ["aws_lambda_function.shop"]],
  ["the order of its variables", { lambda: { environment: { variables: { B: "2", A: "1" } } } }, []],
])("a change of %s publishes nothing", async (_, change, changed) => {
  const rehearsed = await RehearsedAliases.of(withVariables());
  expect(rehearsed.apply(change)).toEqual({ added: [], changed, destroyed: [] });
});

test("a function that does not publish has no version", () => {
  const json = { lambda: { publish: false }, aliases: { live: { function_version: "$LATEST" } } };
  const output = { version: "${aws_lambda_function.shop.version}" };
  const { state, summary } = AppliedState.empty.apply(aliasStack(stackFolder(), { ...json, output }));
  expect([state.outputs["version"], summary.published]).toEqual(["$LATEST", undefined]);
});

test("a published version keeps its code, environment and memory while the function goes on", async () => {
  const answer = (text: string) =>
    `{ body: ["${text}", process.env.MODE, context.memoryLimitInMB, process.env.AWS_LAMBDA_FUNCTION_VERSION].join(" ") }`;
  const step = (text: string, memory: number, version: string) => ({
    answer: answer(text),
    lambda: { memory_size: memory, environment: { variables: { MODE: text } } },
    aliases: live(version),
  });
  const rehearsed = await RehearsedAliases.of(step("old", 128, "1"));
  expect(await rehearsed.count("/dev/", 2)).toEqual({ "old old 128 1": 2 });
  rehearsed.apply(step("new", 256, "1"));
  expect(await rehearsed.count("/dev/", 2)).toEqual({ "old old 128 1": 2 });
  rehearsed.apply(step("new", 256, "2"));
  expect(await rehearsed.count("/dev/", 2)).toEqual({ "new new 256 2": 2 });
  expect(rehearsed.apply(step("new", 256, "1")).changed).toEqual(["aws_lambda_alias.live"]);
  expect(await rehearsed.count("/dev/", 2)).toEqual({ "old old 128 1": 2 });
});

test("a version that went back to older settings is another version", async () => {
  const rehearsed = await RehearsedAliases.of();
  rehearsed.apply({ lambda: { timeout: 5 } });
  expect(rehearsed.apply({}).published).toEqual([{ functionName: "shop-dev", version: "3" }]);
});

test("a function of another name begins anew", async () => {
  const rehearsed = await RehearsedAliases.of({ aliases: {} });
  rehearsed.apply({ aliases: {}, lambda: { timeout: 5 } });
  const { added, published } = rehearsed.apply({ aliases: {}, lambda: { function_name: "other" } });
  expect(added).toContain("aws_lambda_function.shop");
  expect(published).toEqual([{ functionName: "other", version: "1" }]);
});

test("what refers to the version has the one of the same apply", () => {
  const output = {
    version: "${aws_lambda_function.shop.version}",
    arn: "${aws_lambda_function.shop.qualified_arn}",
    invoke: "${aws_lambda_function.shop.qualified_invoke_arn}",
    alias: "${aws_lambda_alias.live.invoke_arn}",
  };
  const folder = stackFolder();
  const { state } = AppliedState.empty.apply(aliasStack(folder, { output }));
  const next = state.apply(aliasStack(folder, { output, lambda: { timeout: 5 } })).state;
  const invoke = (arn: string) =>
    `arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/${arn}/invocations`;
  const arn = "arn:aws:lambda:eu-central-1:123456789012:function:shop-dev";
  expect(next.outputs).toEqual({
    stage: "dev",
    version: "2",
    arn: `${arn}:2`,
    invoke: invoke(`${arn}:2`),
    alias: invoke(`${arn}:live`),
  });
});

describe("a precondition", () => {
  const least = (
    count: number,
    condition = `\${tonumber(aws_lambda_function.shop.version) >= ${count}}`,
  ) => ({
    aliases: {
      live: {
        function_version: "1",
        function_name: "shop-dev",
        lifecycle: {
          precondition: [
            {
              condition,
              error_message: `version ${count} must be published, and \${aws_lambda_function.shop.version} is the last one`,
            },
          ],
        },
      },
    },
  });

  test("that holds lets the apply through, in parentheses too", async () => {
    const rehearsed = await RehearsedAliases.of(least(1));
    expect(
      rehearsed.apply({
        ...least(2, "${(tonumber(aws_lambda_function.shop.version) >= 2)}"),
        lambda: { timeout: 5 },
      }),
    ).toMatchObject({ published: [{ version: "2" }] });
  });

  test("that does not hold refuses the apply with its message, and nothing is changed", async () => {
    const rehearsed = await RehearsedAliases.of(least(1));
    expect(() => rehearsed.apply({ ...least(3), answer: "{ body: 'new' }" })).toThrow(
      "aws_lambda_alias.live: version 3 must be published, and 2 is the last one",
    );
    expect(await rehearsed.count("/dev/", 1)).toEqual({ "1": 1 });
    expect(rehearsed.apply({ answer: "{ body: 'new' }" }).published).toEqual([
      { functionName: "shop-dev", version: "2" },
    ]);
  });

  test.each(["${length(aws_lambda_function.shop.version) > 0}", "true"])("%s holds", (condition) => {
    const { state } = AppliedState.empty.apply(aliasStack(stackFolder(), least(1, condition)));
    expect(state.ofType("aws_lambda_alias")).toHaveLength(1);
  });

  test.each(["${upper(aws_lambda_function.shop.version) == 1}", "${tonumber(x) >= 1}"])(
    "%s is refused with its address",
    (condition) => {
      expect(() => AppliedState.empty.apply(aliasStack(stackFolder(), least(1, condition)))).toThrow(
        /^aws_lambda_alias.live: cannot evaluate /,
      );
    },
  );

  test("is looked at after the function that it is about", () => {
    const lifecycle = {
      precondition: { condition: "${tonumber(aws_lambda_function.b.version) >= 1}", error_message: "" },
    };
    const resource = { aws_lambda_alias: { a: { lifecycle } }, aws_lambda_function: { b: {} } };
    const { blocks } = parseConfiguration({ resource } as never, "/");
    expect(blocks.map(({ address }) => address)).toEqual(["aws_lambda_function.b", "aws_lambda_alias.a"]);
  });

  test("of a function that publishes nothing cannot be evaluated", () => {
    const stack = { ...least(1), lambda: { publish: false } };
    expect(() => AppliedState.empty.apply(aliasStack(stackFolder(), stack))).toThrow(
      /cannot evaluate the precondition '.*': "\$LATEST" is not a number$/,
    );
  });
});
