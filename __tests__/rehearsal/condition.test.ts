import { evaluateText } from "../../src/rehearsal/terraform/condition";

const parameter = (value: unknown) => (address: string, attribute: string) => {
  if (`${address}.${attribute}` !== "data.aws_ssm_parameter.stops_1A.insecure_value")
    throw new Error(`nothing asks for ${address}.${attribute}`);
  return value;
};

/** As Terraform 1.11 answers in `terraform console`. */
test.each<[string, unknown]>([
  ["${1 <= 2 && !(2 < 1)}", true],
  ['${"a" == "b" || tonumber("2") > 1}', true],
  ['${1 == "1"}', false],
  ['${timecmp("2026-11-27T10:00:00Z", "2026-11-27T11:00:00+01:00")}', 0],
  ['${timecmp("2026-11-27T10:00:01Z", "2026-11-27T10:00:00Z")}', 1],
  ['${can(timecmp("yesterday", "2026-11-27T10:00:00Z"))}', false],
  ['${try(jsondecode("{"), "no JSON")}', "no JSON"],
  ["${length([for one in [1, 2, 3] : one if one >= 2])}", 2],
  ['${join(", ", [for one in ["a", "b"] : "<${one}>"])}', "<a>, <b>"],
  ['$${a} is ${"\\"quoted\\""}', '${a} is "quoted"'],
  ["plain", "plain"],
])("%s is %j", (text, value) => {
  expect(evaluateText(text, parameter("{}"))).toEqual(value);
});

test("attributes of a block, and what is below them, are read", () => {
  const text =
    '${join(" ", [for stop in jsondecode(data.aws_ssm_parameter.stops_1A.insecure_value).stops : stop.at])}';
  expect(evaluateText(text, parameter('{"stops":[{"at":"one"},{"at":"two"}]}'))).toBe("one two");
  expect(() => evaluateText(text, parameter('{"stops":[{"on":"one"}]}'))).toThrow("there is no attribute at");
});

test.each([
  ['${upper("a")}', "the function upper is not understood"],
  ["${1 + 1}", "'+ 1}' is not understood"],
  ["%{ if true }a%{ endif }", "directives are not understood"],
  ["${[for a in b : a", "not understood"],
])("%s is refused, and not guessed", (text, why) => {
  expect(() => evaluateText(text, parameter("{}"))).toThrow(why);
});
