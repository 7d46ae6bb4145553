import { review } from "../../src/review/review";
import { bin, run } from "../support/command";
import { type Files, handler, shop } from "../support/project";
import { release } from "../support/release-command";
import { planFiles, Repository } from "../support/repository";
import { lines } from "./between";

jest.setTimeout(60_000);

const now = new Date("2026-11-21T12:00:00Z");
const ten = shop({ canary: { version: "v2", percent: 10 } });
const twentyFive = shop({ canary: { version: "v2", percent: 25 } });

/** The review of files in the working tree, on a commit of others. */
async function reviewOf(
  base: Files,
  head: Files,
  options: { plans?: string[]; skip?: boolean; environment?: string } = {},
) {
  const repository = new Repository(base);
  repository.write(head);
  return review({ project: repository.project, base: "main", now, ...options });
}

/** A plan of a shop whose stage goes from one share of v2 to another. */
function shift(from: number, to: number, name = "shop-dev") {
  const stage = (percent_traffic: number) => ({
    variables: { shopFunction: "shop-dev-v1" },
    canary_settings: [{ percent_traffic, stage_variable_overrides: { shopFunction: "shop-dev-v2" } }],
  });
  const resource = (address: string, actions: string[], before: object, after: object) => ({
    address,
    mode: "managed",
    type: address.split(".")[0],
    change: { actions, before, after, after_unknown: {} },
  });
  return {
    format_version: "1.2",
    resource_changes: [
      resource("aws_api_gateway_rest_api.api_C8550315", ["no-op"], { name }, { name }),
      resource(
        "aws_api_gateway_stage.canary-stage_EA838A75",
        from === to ? ["no-op"] : ["update"],
        stage(from),
        stage(to),
      ),
    ],
  };
}

test("tells a shift in traffic terms, with its one change", async () => {
  const { markdown, findings } = await reviewOf(ten, twentyFive, { plans: planFiles(shift(10, 25)) });
  expect(findings).toEqual([]);
  expect(markdown).toBe(
    [
      "## Release review",
      "",
      "**shop-dev**: v1 90 -> 75 %, v2 10 -> 25 %; API definition unchanged; 1 change, nothing replaced; time to roll back: one apply",
      "",
      "| step             | in `releases/dev/shop.json` | in the plan                                 |",
      "|------------------|-----------------------------|---------------------------------------------|",
      "| shift v2 to 25 % | `canary.percent 10 -> 25`   | `change aws_api_gateway_stage.canary-stage` |",
      "",
      "No findings.",
      "",
    ].join("\n"),
  );
});

test("of one environment tells nothing of the others, and asks for no plan of theirs", async () => {
  const prod = { "releases/prod/environment.json": { region: "eu-west-1" } };
  const file = (files: Files) => files["releases/dev/shop.json"] ?? "";
  const both = (files: Files): Files => ({ ...files, ...prod, "releases/prod/shop.json": file(files) });
  const plans = planFiles(shift(10, 25));
  const { services, findings } = await reviewOf(both(ten), both(twentyFive), { plans, environment: "dev" });
  expect([services.map(({ stack }) => stack), findings]).toEqual([["shop-dev"], []]);
  await expect(reviewOf(ten, twentyFive, { environment: "test" })).rejects.toThrow(
    "there is no environment 'test': there are dev",
  );
});

test("tells what it finds with the line of the file, and that no plan was looked at", async () => {
  const head = shop({ steps: [{ percent: 20 }], canary: { version: "v2", percent: 25 } });
  const { markdown } = await reviewOf(ten, head);
  expect(markdown).toContain(
    [
      "**1 finding**",
      "",
      "- `releases/dev/shop.json:15` the planned step after 10 % is 20 %, but v2 gets 25 %",
      "",
      "No plan was given: this review covers the files alone.",
    ].join("\n"),
  );
});

test("lets a step be skipped where it is asked to, and says so", async () => {
  const head = shop({ steps: [{ percent: 20 }], canary: { version: "v2", percent: 25 } });
  const { findings, notes, markdown } = await reviewOf(ten, head, { skip: true });
  expect(findings).toEqual([]);
  expect(notes.map(({ check }) => check)).toEqual(["step skipped"]);
  expect(markdown).toContain(
    "No findings.\n\n**1 note**\n\n- `releases/dev/shop.json:15` the planned step after 10 % is 20 %",
  );
});

test("mentions no service that stays as it is, and holds its plan to be empty", async () => {
  const quiet = await reviewOf(ten, ten, { plans: planFiles(shift(10, 10)) });
  expect(quiet.markdown).toBe("## Release review\n\nNo service differs from main.\n\nNo findings.\n");
  const { services, findings } = await reviewOf(ten, ten, { plans: planFiles(shift(10, 50)) });
  expect(services.map(({ headline }) => headline)).toEqual([
    "traffic unchanged, v1 90 %, v2 10 %; 1 change, nothing replaced",
  ]);
  expect(lines(findings)).toEqual([
    "aws_api_gateway_stage.canary-stage will be changed in place (canary_settings), but nothing in this change explains it",
    "releases/dev/shop.json the plan leads to v1 50 %, v2 50 %, but the file says v1 90 %, v2 10 %: it was made from another commit",
  ]);
});

test("asks for the plan of each service that changes, where plans are given", async () => {
  const more = {
    "releases/dev/offers.json": { strategy: "canary-stage", versions: ["v1"], stable: "v1" },
    "lambdas/offers/v1/offers.ts": handler("v1"),
  };
  const { findings } = await reviewOf(ten, { ...twentyFive, ...more }, { plans: planFiles(shift(10, 25)) });
  expect(lines(findings)).toEqual([
    "releases/dev/offers.json changes offers-dev, but no plan of it was given",
  ]);
});

test("tells a new environment's services as first deploys, and one that is gone with its services", async () => {
  const prod = {
    "releases/prod/environment.json": { region: "eu-central-1" },
    "releases/prod/shop.json": { strategy: "canary-stage", versions: ["v1"], stable: "v1" },
  };
  const added = await reviewOf(ten, { ...ten, ...prod });
  const removed = await reviewOf({ ...ten, ...prod }, ten);
  expect(
    [...added.services, ...removed.services].map(({ stack, headline }) => `${stack}: ${headline}`),
  ).toEqual([
    "shop-prod: first deploy, v1 100 %",
    "shop-prod: removed from the release files; v1 100 % until its stack is destroyed",
  ]);
  expect(removed.findings.map(({ check }) => check)).toEqual(["removed"]);
});

test("knows from the history that a version was pruned", async () => {
  const repository = new Repository(ten);
  repository.commit(shop({ versions: ["v1"] }));
  repository.write(shop({}));
  const { findings } = await review({ project: repository.project, base: "main", now });
  expect(findings.map(({ message }) => message)).toEqual([
    "v2 was published and pruned before: under its name would be another version, so use a new name",
  ]);
});

describe("changed code is told where it is packaged", () => {
  const importing =
    'import { price } from "../../prices";\nexport const handler = async () => ({ statusCode: 200, body: price });\n';
  const base = shop(
    {},
    {
      "lambdas/shop/v2/shop.ts": importing,
      "lambdas/prices.ts": 'export const price = "1";\n',
      "lambdas/unused.ts": "",
    },
  );

  test.each<[string, Files, string[]]>([
    [
      "a handler",
      { "lambdas/shop/v2/shop.ts": importing.replace("200", "201") },
      ["lambdas/shop/v2/shop.ts"],
    ],
    ["a comment, which no bundle holds", { "lambdas/shop/v2/shop.ts": `${importing}// changed\n` }, []],
    ["a folder of the name that is imported as a file", { "lambdas/prices/index.ts": "" }, []],
    ["what it imports", { "lambdas/prices.ts": 'export const price = "2";\n' }, ["lambdas/prices.ts"]],
    ["what nobody imports", { "lambdas/unused.ts": "export {};\n" }, []],
    ["a new file that nobody imports", { "lambdas/shop/v2/new.ts": "export {};\n" }, []],
  ])("%s", async (_, changed, files) => {
    const { services } = await reviewOf(base, { ...base, ...changed });
    expect(services.flatMap(({ rows }) => rows.map(({ step, shownBy }) => `${step}: ${shownBy}`))).toEqual(
      files.map((file) => `code of v2: ${file}`),
    );
  });

  test("a Python handler with its folder", async () => {
    const python = shop(
      { versions: ["v1"] },
      { "lambdas/shop/v1/shop.py": "", "lambdas/shop/v1/shop.ts": "" },
    );
    const { "lambdas/shop/v1/shop.ts": _, "lambdas/shop/v2/shop.ts": __, ...before } = python;
    const { services } = await reviewOf(before, {
      ...before,
      "lambdas/shop/v1/parts/one.py": "ONE = 1\n",
      "lambdas/shop/v1/__pycache__/one.pyc": "",
    });
    expect(services.flatMap(({ rows }) => rows.map(({ shownBy }) => shownBy))).toEqual([
      "lambdas/shop/v1/parts/one.py",
    ]);
  });

  test("code that cannot be bundled is a reason to end", async () => {
    await expect(reviewOf(base, { ...base, "lambdas/prices.ts": "export const" })).rejects.toThrow(
      /^lambdas\/prices\.ts:1:13 must be TypeScript that can be bundled: /,
    );
  });
});

describe("what cannot be judged is told, and is no finding", () => {
  const invalid = shop({ stable: "v9" });

  test.each<[string, Files, Files, string[], RegExp]>([
    [
      "an invalid head",
      ten,
      invalid,
      [],
      /^releases\/dev\/shop\.json:7:13 'stable' must be one of the published versions/,
    ],
    [
      "an invalid base",
      invalid,
      ten,
      [],
      /^the release files of main must be valid, so that this tree can be compared with them\nmain:releases\/dev\/shop\.json:7:13 'stable' must be/,
    ],
    [
      "a plan of another stack",
      ten,
      ten,
      planFiles(shift(1, 1, "other-dev")),
      /is a plan of other-dev, which no release file/,
    ],
    [
      "two plans of one stack",
      ten,
      ten,
      planFiles(shift(1, 1), shift(1, 1)),
      /^\S+ and \S+ are both plans of shop-dev$/,
    ],
  ])("%s", async (_, base, head, plans, message) => {
    await expect(reviewOf(base, head, { plans })).rejects.toThrow(message);
  });
});

describe("the verb 'review'", () => {
  const repository = new Repository(ten);
  repository.write(twentyFive);

  test("prints Markdown, and ends with 0 where it finds nothing", async () => {
    const { exitCode, stdout } = await run(repository.project, process.execPath, [
      bin,
      "review",
      "--base",
      "main",
      "--plan",
      ...planFiles(shift(10, 25)),
    ]);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching(/^## Release review\n\n\*\*shop-dev/),
    });
  });

  test("ends with 1 where it finds something, which programs read as JSON", async () => {
    const { exitCode, stdout } = await release(repository.project, [
      "review",
      "--base",
      "main",
      "--json",
      "--plan",
      ...planFiles(shift(0, 25)),
    ]);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      base: "main",
      services: [{ stack: "shop-dev", path: "releases/dev/shop.json" }],
      findings: [{ check: "live state", place: "aws_api_gateway_stage.canary-stage" }],
    });
  });

  test.each([
    ["without a base", [], {}, "error: required option '--base <git ref>' not specified\n"],
    [
      "with a base that is not there",
      ["--base", "nope"],
      {},
      /^error: '--base' must be a commit of this repository, got "nope"/,
    ],
    [
      "with a plan that is not there",
      ["--base", "main", "--plan", "nope.json"],
      {},
      "error: nope.json must exist and be readable\n",
    ],
    ["without git", ["--base", "main"], { PATH: "/nowhere" }, "error: git must be on the path\n"],
  ])("ends with 2 %s, in one line", async (_, args, variables, message) => {
    const { exitCode, stdout, stderr } = await release(repository.project, ["review", ...args], {
      variables,
    });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });
});
