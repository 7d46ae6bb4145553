import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Browser } from "playwright-core";
import { awsOfShop } from "../__tests__/live/advancing-shop";
import { AnsweringEndpoint, type Answers } from "../__tests__/live/answering-endpoint";
import { open, startChromium } from "../__tests__/support/chromium";
import { bin, copyOfProject } from "../__tests__/support/command";
import type { Files } from "../__tests__/support/project";
import { Repository } from "../__tests__/support/repository";
import { inSeconds } from "../src/release/time";
import { withPalette } from "./png-palette";

/**
 * The pictures of docs/dashboard.md, of real pages: `node --import tsx scripts/dashboard-shots.ts`. A project of three
 * services with a past of weeks, in an AWS that answers on loopback; and a rehearsal with requests.
 */

const docs = join(__dirname, "../docs");
const schemes = ["light", "dark"] as const;

const now = Date.now();
const daysAgo = (days: number) => inSeconds(new Date(now - days * 86_400_000));
const steps = [
  { percent: 5, bakeMinutes: 60 },
  { percent: 25, bakeMinutes: 240, verdict: "as-good" },
  { percent: 50, bakeMinutes: 240, auto: true },
];

interface Past {
  readonly days: number;
  readonly message: string;
  readonly fields: object;
}

/** A version gets its share beside stable. */
function shared(days: number, message: string, version: string, percent: number, fields: object = {}): Past {
  const canary = { version, percent, since: daysAgo(days) };
  return { days, message, fields: { stable: "v1", ...fields, canary } };
}

/** A version serves everybody since then. */
const promoted = (days: number) => ({ stable: "v2", former: "v1", stableSince: daysAgo(days) });
const third = { versions: ["v1", "v2", "v3"], ...promoted(11.5) };

/** What becomes of each service, the oldest first. */
const pasts: Readonly<Record<string, readonly Past[]>> = {
  orders: [
    { days: 29, message: "orders", fields: { versions: ["v1"], stable: "v1" } },
    shared(12, "dev/orders: start v2 at 5 % (#41)", "v2", 5),
    shared(11, "dev/orders: shift v2 to 50 % (#42)", "v2", 50),
    { days: 10, message: "dev/orders: promote v2 (#43)", fields: promoted(10) },
  ],
  search: [
    { days: 20, message: "search", fields: { versions: ["v1"], stable: "v1", stableSince: daysAgo(20) } },
  ],
  shop: [
    { days: 34, message: "shop", fields: { versions: ["v1"], stable: "v1" } },
    shared(22, "dev/shop: start v2 at 5 % (#31)", "v2", 5),
    shared(20.6, "dev/shop: shift v2 to 25 % (#33)", "v2", 25),
    {
      days: 19.5,
      message: "dev/shop: roll v2 back: answers of 500 after a deploy (#34)",
      fields: { stable: "v1" },
    },
    shared(14, "dev/shop: start v2 at 5 % (#38)", "v2", 5),
    shared(13, "dev/shop: shift v2 to 50 % (#39)", "v2", 50),
    { days: 11.5, message: "dev/shop: promote v2 (#40)", fields: promoted(11.5) },
    shared(2, "dev/shop: start v3 at 5 % (#50)", "v3", 5, third),
    shared(0.125, "dev/shop: shift v3 to 25 % (#52)", "v3", 25, third),
  ],
};

const handler = "export const handler = async () => ({ statusCode: 200 });\n";

function filesAt(days: number): Files {
  const services = Object.entries(pasts).flatMap(([service, past]) => {
    const last = past.findLast((one) => one.days >= days);
    if (last === undefined) return [];
    const file = {
      strategy: "canary-stage",
      versions: ["v1", "v2"],
      stage: { accessLogs: true },
      alarms: {},
      guard: {},
      steps,
      ...last.fields,
    };
    const code = ["v1", "v2", "v3"].map((version) => [
      `lambdas/${service}/${version}/${service}.ts`,
      handler,
    ]);
    return [[`releases/dev/${service}.json`, file], ...code];
  });
  return { "releases/dev/environment.json": { region: "eu-central-1" }, ...Object.fromEntries(services) };
}

function project(): Repository {
  const made = new Repository({});
  const all = Object.values(pasts)
    .flat()
    .sort((one, other) => other.days - one.days);
  for (const { days, message } of all) {
    made.write(filesAt(days));
    made.commitAll(message, daysAgo(days));
  }
  return made;
}

/** What AWS answers of three services. */
function answers(aws: AnsweringEndpoint): Record<string, Answers> {
  const wave = (minute: number) => 1 + 0.15 * Math.sin(minute / 9) + 0.05 * Math.sin(minute * 1.7);
  const values = {
    "StableRequests Sum": (minute: number) => Math.round(900 * wave(minute)),
    "CanaryRequests Sum": (minute: number) => Math.round(300 * wave(minute)),
    "Stable5xx Sum": (minute: number) => (minute % 7 === 0 ? 1 : 0),
    "Canary5xx Sum": (minute: number) => (minute % 23 === 0 ? 1 : 0),
    "StableLatency p50": (minute: number) => 40 * wave(minute + 3),
    "CanaryLatency p50": (minute: number) => 38 * wave(minute + 5),
    "StableLatency p95": (minute: number) => 120 * wave(minute * 1.3),
    "CanaryLatency p95": (minute: number) => 112 * wave(minute * 1.1),
  };
  const deployed = (
    name: string,
    id: string,
    shares: { stable: string; canary?: string; percent?: number },
  ) => {
    const text = JSON.stringify(awsOfShop(aws, { percent: shares.percent ?? 0 }))
      .replaceAll("shop", name)
      .replaceAll("/abc", `/${id}`)
      .replaceAll('"abc"', `"${id}"`)
      .replaceAll("v2", "CANARY")
      .replaceAll("v1", shares.stable)
      .replaceAll("CANARY", shares.canary ?? "v2");
    return JSON.parse(text) as Record<string, Answers>;
  };
  const all = [
    deployed("shop", "abc", { stable: "v2", canary: "v3", percent: 25 }),
    deployed("orders", "def", { stable: "v2", canary: "v1" }),
    deployed("search", "ghi", { stable: "v1" }),
  ];
  const item = all.flatMap((one) => (one["GET /restapis"] as { body: { item: object[] } }).body.item);
  const { GetMetricData, DescribeAlarms, GetParameter } = awsOfShop(aws, { values });
  return Object.assign({}, ...all, {
    "GET /restapis": { body: { item } },
    GetMetricData,
    DescribeAlarms,
    GetParameter,
  });
}

/** @param part of the page, as a selector. @default - what a window of that height shows */
async function shoot(browser: Browser, url: string, name: string, height: number, part?: string) {
  for (const colorScheme of schemes) {
    const { page, complaints } = await open(browser, url, { colorScheme, height, width: 1200 });
    const file = join(docs, `${name}-${colorScheme}.png`);
    write(file, await (part === undefined ? page : page.locator(part)).screenshot());
    for (const line of complaints) console.error(line);
    await page.close();
  }
}

function write(file: string, png: Buffer): void {
  const small = withPalette(png);
  writeFileSync(file, small);
  console.log(`${file}  ${Math.ceil(small.length / 1000)} kB`);
}

async function shootServices(browser: Browser): Promise<void> {
  const aws = await AnsweringEndpoint.start();
  const { project: folder } = project();
  aws.set(answers(aws));
  const child = spawn(process.execPath, [bin, "dashboard", "dev", "--live", "--out", "page.html"], {
    cwd: folder,
    stdio: "inherit",
  });
  await once(child, "close");
  const url = `file://${join(folder, "page.html")}`;
  await shoot(browser, url, "dashboard-shop", 1000, "#s-dev-shop");
  await shoot(browser, url, "dashboard-services", 600);
  await aws.stop();
  rmSync(folder, { recursive: true });
}

async function shootRehearsal(browser: Browser): Promise<void> {
  const folder = copyOfProject(["dev/greeting"]);
  const child = spawn(process.execPath, [bin, "rehearse", "dev/greeting", "--serve"], { cwd: folder });
  let printed = "";
  child.stdout.on("data", (chunk) => {
    printed += chunk;
  });
  const until = async (pattern: RegExp) => {
    while (!pattern.test(printed)) await new Promise((resolve) => setTimeout(resolve, 100));
    return pattern.exec(printed)?.[1] ?? "";
  };
  const [url, address] = [await until(/^serving +(\S+)/m), await until(/^page +(\S+)/m)];
  let isEnded = false;
  const sending = (async () => {
    while (!isEnded) {
      await (await fetch(url)).text();
      await new Promise((resolve) => setTimeout(resolve, 30 + 40 * Math.random()));
    }
  })();
  const { page } = await open(browser, address, {});
  await page.waitForTimeout(22_000);
  await page.getByLabel("percent", { exact: true }).fill("50");
  await page.getByRole("button", { name: "write" }).click();
  await page.waitForTimeout(18_000);
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme });
    const file = join(docs, `dashboard-rehearsal-${colorScheme}.png`);
    write(file, await page.screenshot({ clip: { x: 0, y: 0, width: 1200, height: 860 } }));
  }
  isEnded = true;
  await sending;
  child.kill();
  rmSync(dirname(folder), { recursive: true });
}

async function main(): Promise<void> {
  const browser = await startChromium();
  const only = process.argv[2];
  if (only !== "rehearsal") await shootServices(browser);
  if (only !== "services") await shootRehearsal(browser);
  await browser.close();
}

main();
