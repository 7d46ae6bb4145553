import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createProject, shop } from "../support/project";
import { release } from "../support/release-command";
import { Repository } from "../support/repository";

jest.setTimeout(60_000);

const now = new Date("2026-11-28T09:00:00Z");
const canary = (percent: number, since: string) => ({ canary: { version: "v2", percent, since } });
const steps = {
  steps: [
    { percent: 10, bakeMinutes: 60 },
    { percent: 50, bakeMinutes: 120 },
  ],
};

/** Text of a page, without its marks. */
const textOf = (page: string) =>
  page
    .replace(/<style>.*<\/style>/s, "")
    .replace(/<[^>]+>/g, " ")
    .replace(/\s+/g, " ");

async function pageOf(project: string, ...args: string[]) {
  const { exitCode, stdout, stderr } = await release(project, ["dashboard", "--out", "page.html", ...args], {
    now,
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout).toMatch(/^wrote page\.html \(\d+ kB\)\n$/);
  return readFileSync(join(project, "page.html"), "utf8");
}

test("one file says who serves since when, the steps, the past and the way to AWS", async () => {
  const made = new Repository({});
  made.write(shop({ ...steps }));
  made.commitAll("The shop", "2026-11-20T09:00:00Z");
  made.write(shop({ ...steps, ...canary(10, "2026-11-27T08:00:00Z") }));
  made.commitAll("dev/shop: start v2 at 10 % (#7)", "2026-11-27T08:00:00Z");
  made.write(shop({ ...steps, ...canary(50, "2026-11-28T08:00:00Z") }));
  made.commitAll("dev/shop: shift v2 to 50 %", "2026-11-28T08:00:00Z");
  const page = await pageOf(made.project);
  const text = textOf(page);
  expect(text).toContain("v2 50 % canary for 1 h 0 min, since 2026-11-28 08:00 UTC");
  expect(text).toContain("10 % 60 min, done 50 % 120 min, now promote");
  expect(text).toContain("Bake time: until 2026-11-28T10:00:00Z");
  expect(text).toContain("npx lambda-release next dev/shop v2 serves everybody, from 10:00 UTC on");
  expect(text).toContain("2026-11-27 08:00 UTC start v2 at 10 % v1 90 %, v2 10 % test");
  expect(text).toMatch(/release file releases\/dev\/shop\.json shift v2 to 50 %, commit [0-9a-f]{7}/);
  expect(text).toContain("API Gateway stage dev v1 50 %, v2 50 %");
  expect(text).toContain("AWS was not asked");
  // Three stretches of one or two versions.
  expect(page.match(/<svg class="plot".*?<\/svg>/s)?.[0].match(/<rect /g)).toHaveLength(5);
});

test("it has no script, and its policy lets it ask for nothing", async () => {
  const project = createProject(shop({}));
  const page = await pageOf(project, "dev");
  expect(textOf(page)).toContain("Shares of the last 30 days Not known: git rev-parse fails");
  expect(page).toMatch(/content="default-src &#39;none&#39;; style-src &#39;sha256-/);
  expect(page).not.toMatch(/<script|connect-src|https?:\/\/(?!www\.w3\.org)|style="|url\(/);
});

test("what others wrote does nothing in it", async () => {
  const made = new Repository({});
  made.write(shop({}));
  made.commitAll("</table><script>alert(1)</script>", "2026-11-27T08:00:00Z");
  const page = await pageOf(made.project);
  expect(page).toContain("&lt;/table&gt;&lt;script&gt;alert(1)&lt;/script&gt;");
  expect(page).not.toContain("<script");
});

test("a file with problems is on the page with them, and so is what else is wrong", async () => {
  const project = createProject(
    shop({ canary: { version: "v2", percent: 120 } }, { "releases/dev/x.txt": "" }),
  );
  const text = textOf(await pageOf(project));
  expect(text).toContain("dev/shop not valid");
  expect(text).toMatch(/releases\/dev\/shop\.json:\d+:\d+ &#39;canary\.percent&#39; must be/);
  expect(text).toContain("releases/dev/x.txt must be named");
});

test("a page of 20 services has less than 100 kB", async () => {
  const { "releases/dev/shop.json": file = {}, ...rest } = shop({
    ...steps,
    ...canary(10, "2026-11-27T08:00:00Z"),
  });
  const names = Array.from({ length: 20 }, (_, index) => `shop-${index}`);
  const all = names.flatMap((name) => [
    [`releases/dev/${name}.json`, file],
    [`lambdas/${name}/v1/${name}.ts`, "export const handler = 1;"],
    [`lambdas/${name}/v2/${name}.ts`, "export const handler = 2;"],
  ]);
  const made = new Repository({ ...rest, ...Object.fromEntries(all) });
  const page = await pageOf(made.project);
  expect(page.match(/<h2 id="s-dev-shop-/g)).toHaveLength(20);
  expect(page.length).toBeLessThan(100_000);
});

test.each([
  [["dashboard", "dev", "--out", "page.txt"], "must be a file name that ends with .html"],
  [["dashboard", "none"], "there is no environment 'none': there are dev"],
  [["dashboard", "--out", "page.html", "--port", "1"], "'--port' must not be given with --out"],
  [["dashboard", "--out", "none/page.html"], "none/page.html cannot be written: ENOENT"],
])("%j says what is wrong, and writes nothing", async (args, message) => {
  const project = createProject(shop({}));
  const { exitCode, stderr } = await release(project, args);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(message);
  expect(readdirSync(project)).toEqual(["lambdas", "releases"]);
});
