import type { Files } from "./project";
import { fingerprintOf } from "./shop";

/** Two functions behind one API. */
export const apiOfTwo = {
  routes: [
    { path: "/", function: "api" },
    { path: "/admin", function: "admin" },
  ],
};

const fingerprint = fingerprintOf(apiOfTwo);

/** Fields of a version: the number of each function. */
export function numbered(api: number, admin: number) {
  return { fingerprint, lambdaVersions: { api, admin } };
}

/** A handler that tells its function and its version. */
function handlerOf(name: string): string {
  return `export const handler = async (event: object, context: { functionVersion: string }) => ({ body: "${name} " + context.functionVersion });\n`;
}

/** A shop of two functions of which Lambda keeps the versions: each code is another one. */
export function shopOfTwo(
  strategy: string,
  release: object,
  code: { readonly api: number; readonly admin: number },
): Files {
  const file = { strategy, functions: ["api", "admin"], api: apiOfTwo, stable: 1, ...release };
  return {
    "releases/dev/environment.json": { region: "eu-central-1" },
    "releases/dev/shop.json": file,
    "lambdas/shop/api.ts": `${handlerOf("api")}export const code = ${code.api};\n`,
    "lambdas/shop/admin.ts": `${handlerOf("admin")}export const code = ${code.admin};\n`,
  };
}

/** The life of a release whose version 2 has another number of both functions. */
export function lifeOfTwo(strategy: string) {
  const versions = { "1": numbered(1, 1), "2": numbered(2, 2) };
  const step = (release: object) => shopOfTwo(strategy, { versions, ...release }, { api: 2, admin: 2 });
  const first = { versions: { "1": numbered(1, 1) } };
  // CodeDeploy knows the share.
  const canary = (percent: number) => ({
    canary: { version: 2, ...(strategy !== "codedeploy-alias" && { percent }) },
  });
  return {
    first: shopOfTwo(strategy, first, { api: 1, admin: 1 }),
    deployed: shopOfTwo(strategy, first, { api: 2, admin: 2 }),
    recorded: step({}),
    ten: step(canary(10)),
    twentyFive: step(canary(25)),
    promoted: step({ stable: 2 }),
    pruned: step({ stable: 2, versions: { "2": numbered(2, 2) } }),
    with: step,
  };
}
