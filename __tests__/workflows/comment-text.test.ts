import { commentText, type ReviewedChange } from "../../src/workflows/comment-text";
import type { EnvironmentReview } from "../../src/workflows/environment-review";
import { longestComment } from "../../src/workflows/sticky";
import { inGitHubRun, reviewed } from "../support/environment-review";

const run = inGitHubRun("https://git.example.com", 42);
const finding = { place: "releases/dev/shop.json:6", message: "moves two pointers" };
const at = { commit: "3f9c2ab17d0e", path: "infra/releases/dev/shop.json", line: 6 };
const plan = (stack: string, lines: readonly string[]) => ({ stack, changes: 1, lines: [...lines] });
const text = (reviews: readonly EnvironmentReview[], missing: readonly string[] = []) =>
  commentText({ reviews, missing });
const titlesOf = (markdown: string) => markdown.split("\n").filter((line) => line.startsWith("#"));

describe("the verdict", () => {
  const about = `Reviewed: [\`3f9c2ab\`](https://git.example.com/example/shop/commit/3f9c2ab17d0e) in [this run](${run}).`;
  const two = [
    reviewed({ findings: [finding, finding], notes: [finding] }),
    reviewed({ environment: "prod" }),
  ];

  test.each<[string, ReviewedChange, readonly string[]]>([
    [
      "allows a merge where nothing was found",
      { reviews: [reviewed()], missing: [] },
      ["may be merged", `No findings in \`dev\`. ${about}`],
    ],
    [
      "counts the findings of all environments by their weight",
      { reviews: two, missing: [] },
      ["2 findings", `Do not merge yet: 2 findings in \`dev\`, and 1 note. ${about}`],
    ],
    [
      "is none where an environment is missing",
      { reviews: [reviewed()], missing: ["prod"] },
      [
        "could not be made",
        `No findings in \`dev\`. ${about}`,
        `\`prod\` could not be reviewed: see [the run](${run}).`,
      ],
    ],
    [
      "says where there was no plan",
      { reviews: [reviewed({ hasPlans: false })], missing: [] },
      ["may be merged", `No findings in \`dev\`. ${about}`, "Without a plan, by the files alone: `dev`."],
    ],
  ])("%s", (_, change, [title, ...lines]) => {
    expect(
      commentText(change)
        .split("\n\n")
        .slice(0, lines.length + 1),
    ).toEqual([`## Release review: ${title}`, ...lines]);
  });

  test("stands first, then findings, steps, notes and details", () => {
    const all = reviewed({
      findings: [finding],
      notes: [finding],
      steps: ["**shop-dev**: v2 10 -> 25 %"],
      details: [{ title: "what v2 has otherwise", text: "- code" }],
      plans: [plan("shop-dev", ["~ x"])],
    });
    expect(titlesOf(text([all]))).toEqual([
      "## Release review: 1 finding",
      "### Findings",
      "### dev",
      "### Notes",
      "### Details",
    ]);
  });
});

test("a finding links to its line in the commit, on a company's own server too", () => {
  const link = "https://git.example.com/example/shop/blob/3f9c2ab17d0e/infra/releases/dev/shop.json#L6";
  expect(text([reviewed({ findings: [{ ...finding, at }] })])).toContain(
    `- [\`releases/dev/shop.json:6\`](${link}) moves two pointers`,
  );
  const odd = { ...at, path: "a (b)/shop.json" };
  expect(text([reviewed({ findings: [{ ...finding, at: odd }] })])).toContain("/a%20%28b%29/shop.json#L6)");
});

test("nothing of a finding is Markdown, but what stands between backticks is code", () => {
  const code = "changes its settings (`memoryMb`, `a*b*`) and *others*";
  expect(text([reviewed({ findings: [{ ...finding, message: code }] })])).toContain(
    "changes its settings (`memoryMb`, `a*b*`) and \\*others\\*",
  );
  const message = "allows 's3:*' and 'sqs:*' <details> ``` [x](y) &lt; aws_iam_role";
  expect(text([reviewed({ findings: [{ ...finding, message }] })])).toContain(
    "allows 's3:\\*' and 'sqs:\\*' \\<details\\> \\`\\`\\` \\[x\\](y) &amp;lt; aws_iam_role",
  );
});

test("nothing in a plan ends its block of code, or what it is folded into", () => {
  const lines = ["~ x", "```", "</details>", "````", "\u001b[31mred", "<!--"];
  const markdown = text([reviewed({ plans: [plan("shop-dev", lines)] })]);
  expect(markdown.split("\n").slice(-12)).toEqual([
    "<details><summary>Plan of shop-dev: 1 change</summary>",
    "",
    "`````diff",
    "~ x",
    "```",
    "</details>",
    "````",
    "\\u001b[31mred",
    "<!--",
    "`````",
    "",
    "</details>",
  ]);
});

/** Whether every block of code and everything folded ends, and in the order that they began. */
function isWhole(markdown: string): boolean {
  let fence: string | undefined;
  let depth = 0;
  for (const line of markdown.split("\n")) {
    const [ticks] = /^`{3,}/.exec(line) ?? [];
    if (fence !== undefined) {
      if (line === fence) fence = undefined;
    } else if (ticks !== undefined) fence = ticks;
    else if (line.startsWith("<details>")) depth++;
    else if (line === "</details>") depth--;
    if (depth < 0 || depth > 1) return false;
  }
  return fence === undefined && depth === 0;
}

/** The same numbers for the same seed: https://en.wikipedia.org/wiki/Linear_congruential_generator */
function random(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const characters = ["a", "ü", "漢", "🚀", "👩‍👩‍👧", "`", "```", "<", "</details>", "|", " "];

describe("a text that is too long", () => {
  const seeds = Array.from({ length: 40 }, (_, seed) => seed);
  const changes = seeds.map((seed) => {
    const number = random(seed + 1);
    const words = (most: number) =>
      Array.from({ length: 1 + number(most) }, () => characters[number(characters.length)]).join("");
    const lines = (most: number, length: number) =>
      Array.from({ length: number(most) }, (_, index) => `~ ${index} ${words(length)}`);
    const size = [10, 100, 1_000, 3_000][seed % 4] ?? 0;
    const reviews = ["dev", "prod"].map((environment) =>
      reviewed({
        environment,
        findings: lines(seed % 5 === 0 ? size / 3 : 5, 20).map((message) => ({
          place: "a.json:1",
          message,
          at,
        })),
        notes: lines(8, 20).map((message) => ({ place: "b.json:2", message })),
        steps: lines(seed % 7 === 0 ? size / 10 : 4, 40).map(
          (one) => `**shop**: \`${one.replace(/`/g, "")}\``,
        ),
        details: lines(size / 50, 10).map((title) => ({ title, text: "- one\n- two" })),
        plans: Array.from({ length: number(12) }, (_, index) => plan(`shop-${index}`, lines(size, 30))),
      }),
    );
    const change = { reviews, missing: seed % 3 === 0 ? ["test"] : [] };
    return { change, whole: commentText(change), cut: commentText(change, longestComment) };
  });

  test("has at most as many characters as GitHub takes, ends all that it begins, and keeps its verdict", () => {
    const shortened = changes.filter(({ whole, cut }) => {
      expect([...cut].length).toBeLessThanOrEqual(longestComment);
      expect(cut.length).toBeLessThanOrEqual(longestComment);
      expect([isWhole(cut), Buffer.from(cut).toString() === cut]).toEqual([true, true]);
      expect(titlesOf(cut)[0]).toBe(titlesOf(whole)[0]);
      expect(cut.includes(`[The run](${run}) has all of it`)).toBe(cut !== whole);
      return cut !== whole;
    });
    expect(shortened.length).toBeGreaterThan(10);
    expect(shortened.length).toBeLessThan(changes.length);
  });

  test("keeps every finding while there is anything else to leave out", () => {
    const kept = changes.flatMap(({ change, cut }) => {
      const findings = change.reviews.flatMap((one) => one.findings).length;
      const told = cut.split("\n").filter((line) => line.startsWith("- [`a.json:1`]")).length;
      if (told < findings) expect(cut).not.toContain("\n**shop**");
      return told === findings ? [cut] : [];
    });
    expect(kept.length).toBeGreaterThan(20);
  });

  const lines = (count: number) =>
    Array.from({ length: count }, (_, index) => `~ aws_lambda_function.f${index}`);
  const big = reviewed({
    findings: [{ ...finding, at }],
    steps: [`**shop-dev**: v2 10 -> 25 % ${"x".repeat(300)}`],
    details: [{ title: "what v2 has otherwise", text: `- ${"y".repeat(300)}` }],
    plans: [plan("small-dev", lines(20)), plan("large-dev", lines(400)), plan("larger-dev", lines(800))],
  });

  test("has shorter plans first, the longest before the others, with how much is left out", () => {
    const cut = commentText({ reviews: [big], missing: [] }, 20_000);
    expect(cut).toContain("<summary>Plan of small-dev: 1 change</summary>");
    expect(cut).toContain("<summary>Plan of large-dev: 1 change (shortened)</summary>");
    const left = [...cut.matchAll(/\n([\d,]+) more lines of ([\d,]+) left out\./g)].map(([, one, all]) => [
      Number(all?.replace(",", "")) - Number(one?.replace(",", "")),
      all,
    ]);
    expect(left).toEqual([
      [expect.any(Number), "400"],
      [left[0]?.[0], "800"],
    ]);
    expect(cut.length).toBeGreaterThan(19_900);
    expect(cut).toContain("2 plans in part or whole");
  });

  test.each<[number, readonly string[], readonly string[]]>([
    [1_600, ["### dev", "what v2 has otherwise", "### Findings"], ["~ aws_lambda_function.f0"]],
    [1_000, ["### dev", "### Findings"], ["what v2 has otherwise", "Plan of"]],
    [800, ["### Findings", "moves two pointers"], ["### dev", "what v2 has otherwise", "Plan of"]],
  ])("of %i characters has what matters most", (most, told, untold) => {
    const cut = commentText({ reviews: [big], missing: [] }, most);
    expect(cut.length).toBeLessThanOrEqual(most);
    for (const one of told) expect(cut).toContain(one);
    for (const one of untold) expect(cut).not.toContain(one);
  });
});
