import { AppliedState } from "../../src/rehearsal/terraform/applied-state";
import { placeOf } from "../../src/rehearsal/terraform/block-type";
import { parseConfiguration } from "../../src/rehearsal/terraform/configuration";
import { references, resolve } from "../../src/rehearsal/terraform/expression";

describe("expressions", () => {
  const attributeOf = (address: string, attribute: string) => `<${address} ${attribute}>`;

  test.each([
    ["text", "text"],
    ["${aws_x.a.id}", "<aws_x.a id>"],
    ["a-${data.aws_y.b-c.name}-${aws_x.a.id}", "a-<data.aws_y.b-c name>-<aws_x.a id>"],
    ["$${stageVariables.fn}", "${stageVariables.fn}"],
    ["%%{x}", "%{x}"],
  ])("%s is %s", (text, expected) => {
    expect(resolve(text, attributeOf)).toBe(expected);
  });

  test("a reference alone keeps the kind of its value", () => {
    expect(resolve({ a: ["${aws_x.a.size}"] }, () => 5)).toEqual({ a: [5] });
  });

  test("an element of a list is found by its number", () => {
    expect(resolve("${data.aws_x.a.names.1}", () => ["a", "b"])).toBe("b");
    expect(resolve("${data.aws_x.a.names.1}", () => undefined)).toBeUndefined();
    expect(references("${data.aws_x.a.names.1}")).toEqual(["data.aws_x.a"]);
  });

  test.each(["${upper(aws_x.a.id)}", "${aws_x.a.list[0]}", "${1 + 1}", "a %{ if true }b"])(
    "%s is refused",
    (text) => {
      expect(() => resolve(text, attributeOf)).toThrow(/cannot evaluate/);
    },
  );

  test("knows what a value refers to", () => {
    expect(references({ a: "${aws_x.a.id}", b: ["$${aws_x.b.id}", "-${data.aws_y.c.id}-"] })).toEqual([
      "aws_x.a",
      "data.aws_y.c",
    ]);
  });
});

describe("a configuration", () => {
  const group = (name: string, more = {}) => ({ name, ...more });
  const stack = (groups: object) =>
    parseConfiguration({ resource: { aws_cloudwatch_log_group: groups } } as never, "/");

  test("is ordered by what depends on what", () => {
    const { blocks } = stack({
      a: group("${aws_cloudwatch_log_group.b.name}/a"),
      b: group("b", { depends_on: ["aws_cloudwatch_log_group.c"] }),
      c: group("c"),
    });
    expect(blocks.map(({ address }) => address.split(".")[1])).toEqual(["c", "b", "a"]);
  });

  test.each([
    [
      { a: group("${aws_cloudwatch_log_group.b.name}"), b: group("${aws_cloudwatch_log_group.a.name}") },
      /^cycle: /,
    ],
    [
      { a: group("${aws_cloudwatch_log_group.x.name}") },
      /refers to aws_cloudwatch_log_group.x, which does not exist/,
    ],
  ])("%j is refused", (groups, message) => {
    expect(() => stack(groups)).toThrow(message);
  });
});

test.each([
  ["eu-central-1", "aws", "amazonaws.com"],
  ["cn-north-1", "aws-cn", "amazonaws.com.cn"],
  ["us-gov-west-1", "aws-us-gov", "amazonaws.com"],
  ["eusc-de-east-1", "aws-eusc", "amazonaws.eu"],
])("in %s the partition is %s, and addresses end with %s", (region, partition, dnsSuffix) => {
  expect(placeOf({ region }, ".")).toMatchObject({ partition, dnsSuffix });
});

test("what Terraform forgets is not destroyed", () => {
  const deployed = (json: object) => parseConfiguration(json, "/");
  const roles = { first: { name: "first" }, second: { name: "second" } };
  const { state } = AppliedState.empty.apply(deployed({ resource: { aws_iam_role: roles } }));
  const removed = [{ from: "aws_iam_role.first", lifecycle: { destroy: false } }];
  expect(state.apply(deployed({ removed })).summary.destroyed).toEqual(["aws_iam_role.second"]);
});

test("what no caller notices is applied without a word, and can be referred to", () => {
  const resource = {
    aws_sns_topic: { one: { name: "alarms" } },
    aws_cloudwatch_metric_alarm: { two: { alarm_actions: ["${aws_sns_topic.one.arn}"] } },
  };
  const { summary } = AppliedState.empty.apply(parseConfiguration({ resource } as never, "/"));
  expect(summary.added).toEqual(["aws_sns_topic.one", "aws_cloudwatch_metric_alarm.two"]);
});

describe("what the rehearsal does not know is refused with its address", () => {
  const apply = (type: string, args: object) =>
    AppliedState.empty.apply(parseConfiguration({ resource: { [type]: { one: args } } } as never, "/"));

  test.each([
    [
      "aws_api_gateway_method",
      { http_method: "GET" },
      "aws_api_gateway_method.one: the rehearsal does not know aws_api_gateway_method, which may change what requests get",
    ],
    [
      "aws_lambda_function",
      { function_name: "a", file_system_config: [] },
      "aws_lambda_function.one: the rehearsal does not know the argument 'file_system_config'",
    ],
    [
      "aws_api_gateway_method_settings",
      { settings: { caching_enabled: true } },
      "aws_api_gateway_method_settings.one: the rehearsal does not know the argument 'settings.caching_enabled'",
    ],
    [
      "aws_cloudwatch_log_group",
      { name: "${upper(1)}" },
      "aws_cloudwatch_log_group.one: cannot evaluate '${upper(1)}': only references to attributes are understood",
    ],
  ])("%s", (type, args, message) => {
    expect(() => apply(type, args)).toThrow(message);
  });
});
