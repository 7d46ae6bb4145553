import { definitionOf } from "../../src/release/definition/definition";
import { defaultFingerprint, fingerprint } from "../../src/release/definition/fingerprint";
import { api as apiSchema } from "../../src/release/schema/api";
import { type Files, handler, shop } from "./project";

/** Fingerprint of the definition that a shop without `api` has. */
export const plainFingerprint = defaultFingerprint("shop");

/** Fingerprint of the definition that a service with one function has for an `api` block. */
export function fingerprintOf(api: object, service = "shop"): string {
  return fingerprint(definitionOf(apiSchema.parse(api), service));
}

/** An API with a route more than the default one, and one with another route in place of it. */
export const wider = { routes: [{ path: "/" }, { path: "/offers" }] };
export const other = { routes: [{ path: "/offers" }] };

/** The shop at a step of a release whose v2 brings a definition of its own. */
export function shopWithDefinition(api: object, release: object) {
  const versions = { v1: { fingerprint: plainFingerprint }, v2: { fingerprint: fingerprintOf(api) } };
  return shop({ api, versions, ...release });
}

export const containerImage = `registry.example.com/shop@sha256:${"1".repeat(64)}`;

/** The fields of a shop of containers, whose one version has these settings. */
export function containerShop(release: object, container: object = {}): object {
  return {
    strategy: "ecs-blue-green",
    versions: { v1: { container: { image: containerImage, ...container } } },
    ...release,
  };
}

/** A shop of one version with this API and handler. */
export function shopOfOne(api: object | undefined, code: string, release: object = {}) {
  const versions = { v1: api === undefined ? {} : { fingerprint: fingerprintOf(api) } };
  return shop({ api, versions, ...release }, { "lambdas/shop/v1/shop.ts": code });
}

/** The life of a release: each step as its release file says it. */
export const life = {
  first: shop({ versions: ["v1"] }),
  published: shop({}),
  ten: shop({ canary: { version: "v2", percent: 10 } }),
  twentyFive: shop({ canary: { version: "v2", percent: 25 } }),
  promoted: shop({ stable: "v2" }),
  pruned: shop({ stable: "v2", versions: ["v2"] }),
};

export { type Files, handler, shop };
