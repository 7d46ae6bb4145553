import { readFileSync } from "node:fs";
import { join } from "node:path";
import { factsOf } from "../../src/cli/service-facts";
import { costText, type Drawing, viewLines } from "../../src/cli/service-text";
import { defaultPoll } from "../../src/cli/watch";
import type { ServiceView } from "../../src/watch/service-view";
import { projectFolder } from "../support/command";

afterEach(() => jest.restoreAllMocks());

const none = Array<number>(57).fill(0);
const gaps = Array<null>(57).fill(null);
const view: ServiceView = {
  service: "dev/shop",
  file: "releases/dev/shop.json",
  strategy: "canary-stage",
  at: "2026-11-27T10:12:20Z",
  place: { accountId: "111122223333", region: "eu-central-1" },
  versions: [
    { version: "v1", roles: ["stable"], file: 90, aws: 90 },
    { version: "v2", roles: ["canary"], file: 10, aws: 10 },
  ],
  isAsInFile: true,
  steps: [
    { percent: 10, bakeMinutes: 30, is: "now" },
    { percent: 50, bakeMinutes: 0, is: "ahead" },
  ],
  bakeTime: {
    is: "counted",
    percent: 10,
    until: "2026-11-27T10:32:00Z",
    text: "10 % has been live since 2026-11-27T10:02:00Z (AWS)",
  },
  minutes: {
    of: "requests",
    from: "2026-11-27T09:12:00Z",
    stable: {
      version: "v1",
      requests: [...none, 90, 180, null],
      failed: [...none, 0, 0, null],
      p95: [...none, 110, 120, null],
    },
    canary: {
      version: "v2",
      requests: [...none, 10, 20, null],
      failed: [...none, 0, 2, null],
      p95: [...gaps, 230, 240, null],
    },
    metrics: 8,
  },
  alarms: [
    { name: "shop-dev-v1-errors", state: "OK" },
    { name: "shop-dev-v2-errors", state: "ALARM", since: "2026-11-27T10:11:00Z", reason: "2 of 2 are above" },
  ],
  verdict: { notKnown: "no version is on trial" },
  stops: [],
  next: [
    { command: "next dev/shop", effect: "gives v2 50 %, from 10:32 UTC on (by AWS)" },
    { command: "rollback dev/shop", effect: "drops v2: v1 serves everybody" },
  ],
  troubles: [],
};

const plain: Drawing = { width: 80, isUnicode: true, output: { isTTY: false }, poll: 15 };
const drawn = (of: Partial<ServiceView> = {}, how: Partial<Drawing> = {}) =>
  viewLines({ ...view, ...of }, { ...plain, ...how });

test("a view fits 80 columns", () => {
  const flat = "▁".repeat(48);
  expect(drawn()).toEqual([
    "dev/shop   canary-stage, releases/dev/shop.json, 111122223333, eu-central-1",
    "",
    "version             AWS   file",
    "v1        stable   90 %   90 %   ███████████████████████",
    "v2        canary   10 %   10 %   ███",
    "",
    "steps      [10 % (30 min)], 50 %, promote",
    "bake time  20 min left, until 2026-11-27T10:32:00Z: 10 % has been live since",
    "           2026-11-27T10:02:00Z (AWS)",
    "",
    "           60 minutes to 10:12 UTC; CloudWatch may still count the last 3",
    `requests   v1  ${flat.slice(3)}▄█      180 a minute`,
    `           v2  ${flat.slice(3)}▄█       20 a minute`,
    `5xx        v1  ${flat.slice(3)}▁▁        0 a minute`,
    `           v2  ${flat.slice(3)}▁█        2 a minute`,
    `p95        v1  ${flat.slice(3)}▄▄            120 ms`,
    `           v2  ${" ".repeat(45)}██            240 ms`,
    "",
    "alarms     1 in ALARM, 1 ok",
    "           shop-dev-v2-errors is in ALARM since 2026-11-27T10:11:00Z: 2 of 2 are",
    "           above",
    "verdict    no version is on trial",
    "guard      nothing was stopped",
    "next       npx lambda-release next dev/shop   gives v2 50 %, from 10:32 UTC on",
    "           (by AWS)",
    "or         npx lambda-release rollback dev/shop   drops v2: v1 serves everybody",
    "",
    "10:12:20 UTC, asked every 15 s; 8 metrics a minute, $0.005 an hour. Ctrl+C ends",
  ]);
});

test.each([40, 60, 80, 132])("no line of %s columns is longer but what cannot be broken", (width) => {
  const long = drawn({}, { width }).filter((line) => line.length > width);
  expect(long.filter((line) => !/^dev\/shop|Ctrl\+C ends$|^v\d/.test(line))).toEqual([]);
});

test("colours are for a terminal alone", () => {
  expect(drawn().join("\n")).not.toContain("\x1b");
  jest.replaceProperty(process, "env", { ...process.env, FORCE_COLOR: "1" });
  const colourful = drawn();
  expect(colourful.find((line) => line.includes("shop-dev-v2-errors"))).toContain("\x1b[31m");
  expect(colourful.find((line) => line.includes("2 a minute"))).toContain("\x1b[31m");
  expect(colourful.find((line) => line.includes("0 a minute"))).not.toContain("\x1b[31m");
});

test("a terminal without Unicode has signs in place of blocks", () => {
  const text = drawn({}, { isUnicode: false }).join("\n");
  expect(text).toContain("#######################");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all that is ASCII
  expect(text).toMatch(/^[\x00-\x7f]*$/);
});

test("what is not known says why, and so does what AWS did not answer", () => {
  const notKnown = { notKnown: "access denied for cloudwatch:GetMetricData" };
  const lines = drawn({
    minutes: notKnown,
    alarms: notKnown,
    stops: notKnown,
    isAsInFile: notKnown,
    troubles: ["AWS throttles lambda:ListAliases, 4 times in a row: try again in a minute"],
  });
  for (const word of ["minutes  ", "alarms   "])
    expect(lines).toContain(`${word}  not known: access denied for cloudwatch:GetMetricData`);
  expect(lines).toContain("guard      access denied for cloudwatch:GetMetricData");
  expect(lines).toContain("waiting    AWS throttles lambda:ListAliases, 4 times in a row: try again in a");
});

test("what others wrote is text and moves no cursor", () => {
  const reason = "\x1b[2J\x1b[31mall is well";
  const lines = drawn({ alarms: [{ name: "a", state: "ALARM", reason }], troubles: ["\x1b[1A"] });
  expect(lines.join("\n")).not.toContain("\x1b");
});

test("stops, holds and another share in AWS are told", () => {
  const stop = {
    version: "v2",
    at: "2026-11-27T10:11:30Z",
    by: "guard",
    reason: "alarm a",
    from: {},
    to: {},
  };
  const lines = drawn({
    stops: [stop],
    hold: { why: "support looks at it", since: "2026-11-27T10:00:00Z" },
    isAsInFile: false,
  });
  expect(lines).toContain("guard      v2 was stopped at 2026-11-27T10:11:30Z by guard (alarm a)");
  expect(lines).toContain("held       since 2026-11-27T10:00:00Z: support looks at it");
  expect(lines).toContain("different  AWS gives other shares than the file");
});

test("a pipe has a line for each of what may change", () => {
  expect([...factsOf(view)]).toEqual([
    ["file", "v1 90 %, v2 10 %"],
    ["AWS", "v1 90 %, v2 10 %"],
    ["step", "10 %, until 2026-11-27T10:32:00Z"],
    ["alarm shop-dev-v1-errors", "shop-dev-v1-errors is ok"],
    [
      "alarm shop-dev-v2-errors",
      "shop-dev-v2-errors is in ALARM since 2026-11-27T10:11:00Z: 2 of 2 are above",
    ],
    ["minute", "10:10  v1 180 requests, 0 5xx, p95 120 ms; v2 20 requests, 2 5xx, p95 240 ms"],
    ["verdict", "no version is on trial"],
    ["guard", "nothing was stopped"],
    ["next", "npx lambda-release next dev/shop   gives v2 50 %, from 10:32 UTC on (by AWS)"],
    ["or rollback dev/shop", "npx lambda-release rollback dev/shop   drops v2: v1 serves everybody"],
  ]);
});

test("the page says what it costs, and how often it asks", () => {
  const page = readFileSync(join(projectFolder, "docs/watch.md"), "utf8");
  expect(page).toContain(`${costText(8)}. Ctrl+C ends`);
  expect(page).toContain(`each \`--poll\`, ${defaultPoll} seconds by default`);
  expect(costText(200)).toBe("200 metrics a minute, $0.120 an hour");
});
