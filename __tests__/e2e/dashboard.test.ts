import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { findChromium, leastContrast, open, startChromium } from "../support/chromium";
import { bin, copyOfProject } from "../support/command";
import { shop, writeFiles } from "../support/project";
import { release } from "../support/release-command";
import { Repository } from "../support/repository";

jest.setTimeout(60_000);

const hour = 3_600_000;
const ago = (hours: number) => `${new Date(Date.now() - hours * hour).toISOString().slice(0, 19)}Z`;
const steps = { steps: [10, 50].map((percent) => ({ percent, bakeMinutes: 60 })) };
const canary = (percent: number, since: string) => ({ ...steps, canary: { version: "v2", percent, since } });

/** A shop whose canary has had its share for three hours. */
function shopOnTrial(): Repository {
  const made = new Repository({});
  made.write(shop(steps));
  made.commitAll("The shop", ago(24 * 9));
  made.write(shop(canary(10, ago(3))));
  made.commitAll("<img src=x onerror=alert(1)> start v2", ago(3));
  return made;
}

let browser: Browser;
const children: ChildProcess[] = [];

beforeAll(async () => {
  findChromium();
  browser = await startChromium();
}, 300_000);
afterAll(() => browser?.close());
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  for (const child of children.splice(0)) child.kill();
});

/** Starts a command that serves. @returns the address that its output gives after this word */
async function serve(project: string, word: string, ...args: string[]) {
  const child = spawn("node", [bin, ...args], { cwd: project });
  children.push(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      output += chunk;
    });
  for (let waited = 0; waited < 20_000 && !/Ctrl\+C ends/.test(output); waited += 50)
    await new Promise((resolve) => setTimeout(resolve, 50));
  const addressOf = (word: string) => new RegExp(`^${word} +(\\S+)`, "m").exec(output)?.[1] ?? "";
  expect(output).toMatch(/Ctrl\+C ends/);
  return { address: addressOf(word), addressOf, child, printed: () => output };
}

/** The rows of a table, as a person reads them. */
const rowsOf = (page: Page, caption: RegExp) =>
  page.locator("table", { has: page.locator("caption", { hasText: caption }) }).locator("tbody tr");
const textsOf = async (rows: Locator) => (await rows.allInnerTexts()).map((text) => text.trim());

describe("a static page", () => {
  let url = "";
  beforeAll(async () => {
    const { project } = shopOnTrial();
    expect(await release(project, ["dashboard", "--out", "page.html"])).toMatchObject({ exitCode: 0 });
    url = `file://${join(project, "page.html")}`;
  });

  test("shows who serves what since when, and asks for nothing", async () => {
    const { page, complaints, requests } = await open(browser, url);
    expect(await page.title()).toBe("dev - lambda-release");
    expect(await page.getByRole("heading", { level: 1 }).innerText()).toBe("dev");
    expect(await page.getByRole("heading", { level: 2 }).allInnerTexts()).toEqual(["Services", "dev/shop"]);
    expect(await textsOf(rowsOf(page, /^Who serves$/))).toEqual([
      expect.stringMatching(/^v2\s+10 %\s+canary\s+for 3 h 0 min, since /),
      expect.stringMatching(/^v1\s+90 %\s+stable\s+-$/),
    ]);
    expect(await page.locator("[aria-current=step]").innerText()).toMatch(/^10 %\s+60 min, now$/);
    expect(await page.getByText("npx lambda-release next dev/shop").isVisible()).toBe(true);
    // What the bar shows is what the text says: a tenth of it is the canary's.
    const [stable, onTrial] = await page.locator("#s-dev-shop > .bar rect").all();
    const widthOf = async (one: typeof stable) => (await one?.boundingBox())?.width ?? 0;
    expect((await widthOf(onTrial)) / (await widthOf(stable))).toBeCloseTo(1 / 9, 2);
    expect({ complaints, requests: requests.filter((one) => !one.startsWith("data:")) }).toEqual({
      complaints: [],
      requests: [url],
    });
  });

  test("the past is a plot with a name, and a table that a keyboard opens", async () => {
    const { page } = await open(browser, url);
    expect(await page.getByRole("img", { name: "Shares of the last 30 days" }).isVisible()).toBe(true);
    const past = rowsOf(page, /^Every change of who serves dev\/shop/);
    expect(await past.first().isVisible()).toBe(false);
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent")).toBe("to the services");
    await page.locator("summary").focus();
    await page.keyboard.press("Enter");
    expect(await textsOf(past)).toEqual([
      expect.stringMatching(/start v2 at 10 %\s+v1 90 %, v2 10 %\s+test\s+\w{7}\s+<img src=x onerror=/),
      expect.stringMatching(/deploy with v1 as stable\s+v1 100 %\s+test\s+\w{7}\s+The shop$/),
    ]);
    expect(await page.locator("main img").count()).toBe(0);
  });

  test.each(["light", "dark"] as const)("is legible in %s", async (colorScheme) => {
    const { page } = await open(browser, url, { colorScheme });
    await page.locator("summary").click();
    expect((await leastContrast(page)).contrast).toBeGreaterThanOrEqual(4.5);
  });

  test("fits a narrow window, and nothing is cut off", async () => {
    const { page } = await open(browser, url, { width: 360, height: 700 });
    await page.locator("summary").click();
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(360);
  });
});

test("a served page follows the files, keeps what is open, and tells those who do not see it", async () => {
  const { project } = shopOnTrial();
  const { address, child } = await serve(project, "serving", "dashboard", "dev");
  const { page, complaints, requests } = await open(browser, address);
  await page.locator("summary").focus();
  await page.keyboard.press("Enter");
  writeFiles(project, shop(canary(50, ago(0))));
  await page.getByRole("status").getByText("dev/shop: v1 50 %, v2 50 %").waitFor();
  expect((await textsOf(rowsOf(page, /^Who serves$/)))[0]).toMatch(/^v2\s+50 %/);
  const past = rowsOf(page, /^Every change of who serves dev\/shop/);
  expect((await textsOf(past))[0]).toMatch(/^not committed\s+shift v2 to 50 %/);
  expect(await page.evaluate("document.activeElement.tagName")).toBe("SUMMARY");
  expect(complaints).toEqual([]);
  expect(requests.filter((one) => !one.startsWith("data:"))).toEqual([address, `${address}events`]);
  child.kill("SIGINT");
  await page.getByText("The server does not answer").waitFor();
  expect(child.exitCode).toBe(130);
});

describe("the page of a rehearsal that serves", () => {
  test("shows the requests by version, and its control moves the split", async () => {
    const project = copyOfProject(["dev/greeting"]);
    const { address, addressOf } = await serve(project, "page", "rehearse", "dev/greeting", "--serve");
    const url = addressOf("serving");
    const send = async (count: number) => {
      for (let sent = 0; sent < count; sent++)
        await (await fetch(url, { headers: { connection: "close" } })).text();
    };
    const { page, complaints } = await open(browser, address);
    const rows = rowsOf(page, /requests since these shares are applied/);
    await send(40);
    await page.getByText("40 requests since").waitFor();
    expect(await textsOf(rows)).toEqual([
      expect.stringMatching(/^v2\s+\d+\s+\d+\.\d %\s+10 % \(/),
      expect.stringMatching(/^v1\s+\d+\s+\d+\.\d %\s+90 % \(/),
    ]);
    expect(await rowsOf(page, /^The last requests/).count()).toBe(8);

    // By keyboard alone: to the number, and to the button.
    await page.getByRole("slider", { name: "percent, as a slider" }).focus();
    await page.keyboard.press("End");
    await page.keyboard.press("Tab");
    expect(await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")).toBe("solid");
    await page.keyboard.press("Enter");
    await page.getByText("wrote releases/dev/greeting.json: v1 0 %, v2 100 %").waitFor();
    const text = readFileSync(join(project, "releases/dev/greeting.json"), "utf8");
    expect(JSON.parse(text)).toMatchObject({ canary: { version: "v2", percent: 100 } });
    await page.getByRole("status").getByText("applied: v2 100 %").waitFor();
    await send(20);
    await page.getByText("20 requests since").waitFor();
    expect((await textsOf(rows))[0]).toMatch(/^v2\s+20\s+100\.0 %\s+100 %/);
    expect(await page.locator("#s-dev-greeting").innerText()).toContain("v2\t100 %");

    await page.getByLabel("percent", { exact: true }).fill("100");
    await page.getByRole("button", { name: "write" }).click();
    await page.getByText("refused: v2 has 100 % already").waitFor();
    // The browser itself has this one in its console: an answer of 409.
    expect(complaints.filter((line) => !line.includes("409"))).toEqual([]);
    expect((await leastContrast(page)).contrast).toBeGreaterThanOrEqual(4.5);

    // A page of another site may send a request here, and nothing comes of it.
    const other = await open(browser, "about:blank");
    const sent = `fetch("${address}percent", { method: "POST", mode: "no-cors", body: '{"percent":50}' })`;
    await other.page.evaluate(`${sent}.catch(() => {})`);
    expect(readFileSync(join(project, "releases/dev/greeting.json"), "utf8")).toBe(text);
  });
});
