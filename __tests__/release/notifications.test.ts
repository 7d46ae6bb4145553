import { problemsOf, shop } from "../support/project";

const topic = "arn:aws:sns:eu-central-1:123456789012:releases";
const told = (topics: unknown) =>
  problemsOf(
    shop({}, { "releases/dev/environment.json": { region: "eu-central-1", notifications: { topics } } }),
  );

test.each<[string, readonly string[]]>([
  ["of the environment's region", [topic]],
  ["of another region and account", [topic, "arn:aws:sns:us-east-1:444455556666:all_releases"]],
])("a topic may be %s", (_, topics) => {
  expect(told(topics)).toEqual([]);
});

test.each<[string, unknown, string]>([
  ["that are none", [], "'notifications.topics' must be a list of 1 to 5 different topics, got []"],
  [
    "of another service",
    ["arn:aws:sqs:eu-central-1:123456789012:releases"],
    `'notifications.topics[0]' must be the ARN of an SNS topic, such as ${topic}, got "arn:aws:sqs:eu-central-1:123456789012:releases"`,
  ],
  [
    "of another partition",
    ["arn:aws-cn:sns:cn-north-1:123456789012:releases"],
    `'notifications.topics[0]' must be an ARN of eu-central-1's partition, arn:aws:..., got "arn:aws-cn:sns:cn-north-1:123456789012:releases"`,
  ],
])("topics %s are refused at their place", (_, topics, message) => {
  expect(told(topics)).toEqual([expect.stringMatching(/^releases\/dev\/environment\.json:\d+:\d+ /)]);
  expect(told(topics)[0]).toContain(message);
});
