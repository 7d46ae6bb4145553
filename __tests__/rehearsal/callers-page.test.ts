import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../support/command";
import { RehearsedShop } from "../support/rehearse";
import { fingerprintOf, shop } from "../support/shop";

const page = readFileSync(join(projectFolder, "docs/callers.md"), "utf8");

/** What the page shows below a mark. */
function shown(mark: string): string {
  const [, text] = page.split(`<!-- ${mark} -->\n`)[1]?.split(/```\w+\n|```\n/) ?? [];
  if (text === undefined) throw new Error(`docs/callers.md has no ${mark}`);
  return text;
}

test("the authorizer that docs/callers.md shows admits its customers and nobody else", async () => {
  const release = JSON.parse(shown("release"));
  const echo =
    "export const handler = async (event: any) => ({ body: event.requestContext.authorizer?.customer });\n";
  const rehearsed = await RehearsedShop.of(
    shop(
      { versions: { v1: { fingerprint: fingerprintOf(release.api) } }, ...release },
      { "lambdas/shop/v1/shop.ts": echo, "lambdas/shop/v1/guard.ts": shown("handler guard") },
    ),
  );
  const call = async (path: string, authorization?: string) => {
    const response = await rehearsed.fetch(path, { headers: authorization ? { authorization } : {} });
    return [response.status, await response.text()];
  };
  expect(await call("/dev/orders/1", "Bearer customer-7")).toEqual([200, "7"]);
  expect(await call("/dev/orders/1", "Bearer ann")).toEqual([401, '{"message":"Unauthorized"}']);
  expect(await call("/dev/orders/1")).toEqual([401, '{"message":"Unauthorized"}']);
  expect((await call("/dev/"))[0]).toBe(200);
});

test("the plan that docs/callers.md shows lets its key through", async () => {
  const release = JSON.parse(shown("release keys"));
  const versions = { v1: { fingerprint: fingerprintOf(release.api) } };
  const rehearsed = await RehearsedShop.of(shop({ versions, ...release }));
  expect((await rehearsed.fetch("/dev/")).status).toBe(403);
  const [plan] = rehearsed.rehearsal.api.stages[0]?.usagePlans ?? [];
  expect(plan?.keys.map(({ name }) => name)).toEqual(["shop-dev-mobile-app"]);
  const headers = { "x-api-key": plan?.keys[0]?.value as string };
  expect((await rehearsed.fetch("/dev/", { headers })).status).toBe(200);
});
