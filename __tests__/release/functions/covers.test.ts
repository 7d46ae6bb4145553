import { seededRandom } from "../../../src/rehearsal/random";
import { matchesWildcard } from "../../../src/rehearsal/wildcard";
import { isCovered } from "../../../src/release/functions/covers";

const table = "arn:aws:dynamodb:eu-central-1:111122223333:table/orders";
const within = (actions: string[], resources: string[]) => [{ actions, resources }];

test.each<[string, string, string[], string[]]>([
  ["dynamodb:GetItem", table, ["dynamodb:GetItem"], [table]],
  ["dynamodb:GetItem", table, ["dynamodb:*"], ["*"]],
  ["dynamodb:getitem", table, ["dynamodb:GetItem"], [table]],
  ["dynamodb:GetItem", table, ["dynamodb:Get*", "s3:*"], ["arn:aws:dynamodb:*:*:table/ord*"]],
  ["dynamodb:GetItem", table, ["dynamodb:Get????"], ["arn:aws:dynamodb:*:1111????3333:table/*"]],
  ["dynamodb:Get*", `${table}*`, ["dynamodb:*"], ["arn:aws:dynamodb:*:*:table/*"]],
  ["dynamodb:Query", `${table}/index/*`, ["dynamodb:Query"], ["arn:aws:dynamodb:*:*:table/*/index/*"]],
  [
    "dynamodb:Query",
    `${table}*/index/by-day`,
    ["dynamodb:Query"],
    ["arn:aws:dynamodb:*:*:table/*/index/by-day"],
  ],
  ["*", "*", ["*"], ["*"]],
  [
    "lambda:InvokeFunction",
    "arn:aws:lambda:eu-central-1:111122223333:function:a:live",
    ["lambda:*"],
    ["arn:aws:lambda:*:*:function:*"],
  ],
  ["s3:GetObject", "arn:aws:s3:::one/*", ["s3:GetObject"], ["arn:aws:s3:::*"]],
  [
    "secretsmanager:GetSecretValue",
    "arn:aws:secretsmanager:eu-central-1:<account-id>:secret:shop/stripe-??????",
    ["secretsmanager:GetSecretValue"],
    ["arn:aws:secretsmanager:eu-central-1:*:secret:shop/*"],
  ],
])("%s on %s is within %j on %j", (action, resource, actions, resources) => {
  expect(isCovered(action, resource, within(actions, resources))).toBe(true);
});

test.each<[string, string, string[], string[]]>([
  ["dynamodb:GetItem", table, [], [table]],
  ["dynamodb:GetItem", table, ["dynamodb:PutItem"], [table]],
  ["dynamodb:GetItem", `${table}-archive`, ["dynamodb:GetItem"], [table]],
  ["dynamodb:GetItem", table.replace("orders", "Orders"), ["dynamodb:GetItem"], [table]],
  ["dynamodb:GetItem", "*", ["dynamodb:GetItem"], [table]],
  ["dynamodb:GetItem", "*", ["dynamodb:*"], ["arn:aws:dynamodb:*:*:*"]],
  // More actions, tables, regions or accounts than are listed.
  ["dynamodb:*", table, ["dynamodb:Get*"], [table]],
  ["*", table, ["dynamodb:*"], [table]],
  ["dynamodb:Get*", table, ["dynamodb:Get?*"], [table]],
  ["dynamodb:GetItem", `${table}*`, ["dynamodb:GetItem"], [`${table}?*`]],
  ["dynamodb:GetItem", table.replace("eu-central-1", "*"), ["dynamodb:GetItem"], [table]],
  ["dynamodb:GetItem", table.replace("111122223333", "????????????"), ["dynamodb:GetItem"], [table]],
  // An account that nobody knows may be another one.
  ["dynamodb:GetItem", table.replace("111122223333", "<account-id>"), ["dynamodb:GetItem"], [table]],
  // A wildcard stands for no more than its segment.
  [
    "lambda:InvokeFunction",
    "arn:aws:lambda:eu-central-1:111122223333:function:a:b:live",
    ["lambda:*"],
    ["arn:aws:lambda:*:*:function:*:live"],
  ],
  [
    "lambda:InvokeFunction",
    "arn:aws:lambda:eu-central-1:111122223333:function:a*:live",
    ["lambda:*"],
    ["arn:aws:lambda:*:*:function:*:live"],
  ],
  [
    "logs:GetLogEvents",
    "arn:aws:logs:eu-central-1:111122223333:log-group:a:b",
    ["logs:*"],
    ["arn:aws:logs:*:*:log-group:a?b"],
  ],
  ["s3:GetObject", "arn:aws:s3:::one/*", ["s3:GetObject"], ["arn:aws:s3:*"]],
])("%s on %s is not within %j on %j", (action, resource, actions, resources) => {
  expect(isCovered(action, resource, within(actions, resources))).toBe(false);
});

test("an action of one entry and a resource of another are no permission", () => {
  const lists = [
    { actions: ["dynamodb:GetItem"], resources: [`${table}-archive`] },
    { actions: ["dynamodb:PutItem"], resources: [table] },
  ];
  expect(isCovered("dynamodb:GetItem", table, lists)).toBe(false);
});

/** As IAM surely matches: a star stands for no colon, but at the end of the ARN. */
function surelyMatches(pattern: string, text: string): boolean {
  const [own = [], other = []] = [pattern, text].map((one) => one.split(":"));
  const last = own.length - 1;
  return own.every((part, index) => {
    const rest = index === last && part.endsWith("*") ? other.slice(index).join(":") : (other[index] ?? "\0");
    if (index < last || !part.endsWith("*"))
      return matchesWildcard(part, rest) && (index < last || other.length === own.length);
    // The star at the end alone may take colons.
    return surelyBegins(part.slice(0, -1), rest);
  });
}

function surelyBegins(pattern: string, text: string): boolean {
  const starts = Array.from({ length: text.length + 1 }, (_, length) => text.slice(0, length));
  return starts.some((start) => !start.includes(":") && matchesWildcard(pattern, start));
}

test("whatever a covered pattern stands for is what the list allows, for patterns drawn at random", () => {
  const random = seededRandom(7);
  const draw = (from: string) => from[Math.floor(random() * from.length)] ?? "";
  const text = (length: number, from: string) => Array.from({ length }, () => draw(from)).join("");
  const filled = (pattern: string) =>
    [...pattern]
      .map((character, index) => {
        if (character === "?") return draw("ab");
        if (character !== "*") return character;
        const isAtEnd = [undefined, ":"].includes(pattern[index + 1]);
        return text(Math.floor(random() * 4), isAtEnd ? "ab:" : "ab");
      })
      .join("");
  let covered = 0;
  for (let count = 0; count < 60_000; count++) {
    const [wide, narrow] = [text(5, "ab*?:"), text(5, "aab*?:")].map((one) => `arn:aws:s3:::${one}`) as [
      string,
      string,
    ];
    if (!isCovered("s3:GetObject", narrow, within(["s3:GetObject"], [wide]))) continue;
    covered++;
    for (let tries = 0; tries < 12; tries++) {
      const one = filled(narrow);
      if (wide !== narrow && !surelyMatches(wide, one))
        throw new Error(`${wide} does not allow ${one} of ${narrow}`);
    }
  }
  expect(covered).toBeGreaterThan(500);
});
