import { type Files, handler } from "./project";

/** What a service on trial says: v2 has 10 percent. */
export const onTrial = { canary: { version: "v2", percent: 10, since: "2026-11-27T09:00:00Z" } };

const versions = { strategy: "canary-stage", versions: ["v1", "v2"], stable: "v1" };

/** Services `orders` and `billing`, both on trial, in the train `checkout`, and `search` beside them. */
export function train(files: Files = {}): Files {
  return {
    "releases/dev/environment.json": {
      region: "eu-central-1",
      trains: { checkout: ["orders", "billing"] },
    },
    ...service("billing", onTrial),
    ...service("orders", onTrial),
    ...service("search", {}),
    ...files,
  };
}

/** A service of two versions. */
export function service(name: string, release: object): Files {
  return {
    [`releases/dev/${name}.json`]: { ...versions, ...release },
    [`lambdas/${name}/v1/${name}.ts`]: handler("v1"),
    [`lambdas/${name}/v2/${name}.ts`]: handler("v2"),
  };
}
