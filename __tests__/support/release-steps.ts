import { defaultFingerprint } from "../../src/release/definition/fingerprint";
import { example } from "./example";
import type { Files } from "./project";
import { fingerprintOf, wider } from "./shop";

/** A step as the README names it, and what was deployed in turn, the step itself last. */
export type Step = readonly [name: string, ...deployed: Files[]];

/** Ranges of addresses that may call a temporary stage. */
export const sources = ["203.0.113.0/24"];

const atPercent = (version: string | number, percent: number) => ({ canary: { version, percent } });

/** Two versions with functions of their own. */
export const greeting = {
  first: example("greeting", { versions: ["v1"], stable: "v1" }),
  published: example("greeting", { versions: ["v1", "v2"], stable: "v1" }),
  ten: example("greeting", { versions: ["v1", "v2"], stable: "v1", ...atPercent("v2", 10) }),
  twentyFive: example("greeting", { versions: ["v1", "v2"], stable: "v1", ...atPercent("v2", 25) }),
  promoted: example("greeting", { versions: ["v1", "v2"], stable: "v2" }),
  pruned: example("greeting", { versions: ["v2"], stable: "v2" }),
};

/** The same life of one function, whose code changes for version 2. */
function lifeOf(service: string, file: string, statement: string, fields: object = {}) {
  const before = example(service, {});
  const changed = { [file]: `${before[file]}\n${statement}\n` };
  const after = (release: object) => example(service, { ...release, ...fields }, changed);
  const fingerprints = {
    "1": { fingerprint: defaultFingerprint(service) },
    "2": { fingerprint: fingerprintOf(wider, service) },
  };
  return {
    first: example(service, { versions: [1], stable: 1, ...fields }),
    /** The code of version 2 is deployed, and the file knows nothing of it. */
    published: after({ versions: [1], stable: 1 }),
    recorded: after({ versions: [1, 2], stable: 1 }),
    zero: after({ versions: [1, 2], stable: 1, ...atPercent(2, 0) }),
    ten: after({ versions: [1, 2], stable: 1, ...atPercent(2, 10) }),
    twentyFive: after({ versions: [1, 2], stable: 1, ...atPercent(2, 25) }),
    named: after({ versions: [1, 2], stable: 1, canary: { version: 2 } }),
    blue: after({ versions: [1, 2], stable: 1, blue: { version: 2, sources } }),
    promoted: after({ versions: [1, 2], stable: 2 }),
    pruned: after({ versions: [2], stable: 2 }),
    /** With the code of version 2, and other fields of the file. */
    with: after,
    /** The same, where version 2 brings a route more. */
    withDefinition: (release: object) => after({ api: wider, versions: fingerprints, ...release }),
    defined: after({ api: wider, versions: fingerprints, stable: 1 }),
    definedPromoted: after({ api: wider, versions: fingerprints, stable: 2 }),
  };
}

export const quote = lifeOf("quote", "lambdas/quote/quote.ts", "export const release = 2;");
export const search = lifeOf("search", "lambdas/search/search.py", "RELEASE = 2");
export const catalog = lifeOf("catalog", "lambdas/catalog/catalog.ts", "export const release = 2;");

export const checkout = lifeOf("checkout", "lambdas/checkout/checkout.ts", "export const release = 2;", {
  hooks: { beforeTraffic: "before-traffic", afterTraffic: "after-traffic" },
});

/** Two versions of a container, and the fields that its file has beside. */
const storefrontVersions = ["v1", "v2"].map((name, index) => {
  const image = `123456789012.dkr.ecr.eu-central-1.amazonaws.com/storefront-dev@sha256:${String(index + 1).repeat(64)}`;
  return [name, { container: { image } }] as const;
});
const storefrontWith = (release: object) =>
  example("storefront", {
    versions: Object.fromEntries(storefrontVersions),
    stable: "v1",
    rollout: { waitMinutes: 60 },
    hooks: { afterAllowTestTraffic: "end-to-end" },
    ...release,
  });
const onlyVersion = (index: number) => ({ versions: Object.fromEntries([storefrontVersions[index] ?? []]) });

export const storefront = {
  first: storefrontWith(onlyVersion(0)),
  published: storefrontWith({}),
  named: storefrontWith({ canary: { version: "v2" } }),
  promoted: storefrontWith({ stable: "v2" }),
  pruned: storefrontWith({ ...onlyVersion(1), stable: "v2" }),
  /** With both versions, and other fields of the file. */
  with: storefrontWith,
};

/** What the README tells of each strategy, by the stack of its example. */
export const releaseSteps: Readonly<Record<string, readonly Step[]>> = {
  "greeting-dev": canarySteps(greeting),
  "quote-dev": aliasCanarySteps(),
  "search-dev": weightedSteps(),
  "catalog-dev": blueGreenSteps(),
  "checkout-dev": codedeploySteps(),
  "storefront-dev": ecsSteps(),
};

function canarySteps({ first, published, ten, twentyFive, promoted, pruned }: typeof greeting): Step[] {
  const shifted = [first, published, ten, twentyFive] as const;
  return [
    ["deploy v1", first],
    ["publish v2", first, published],
    ["start at 10 percent", first, published, ten],
    ["shift to 25 percent", ...shifted],
    ["roll back from 25 percent", ...shifted, published],
    ["promote", ...shifted, promoted],
    ["roll back after that", ...shifted, promoted, published],
    ["prune v1", ...shifted, promoted, pruned],
  ];
}

function aliasCanarySteps(): Step[] {
  const { first, published, recorded, ten, twentyFive, promoted, pruned } = quote;
  const shifted = [first, published, recorded, ten, twentyFive] as const;
  return [
    ["deploy version 1", first],
    ["publish version 2", first, published],
    ["record version 2", first, published, recorded],
    ["publish and record it in one", first, recorded],
    ["start at 10 percent", first, published, recorded, ten],
    ["shift to 25 percent", ...shifted],
    ["roll back from 25 percent", ...shifted, recorded],
    ["promote", ...shifted, promoted],
    ["roll back after that", ...shifted, promoted, recorded],
    ["prune version 1", ...shifted, promoted, pruned],
  ];
}

function weightedSteps(): Step[] {
  const { first, published, recorded, ten, twentyFive, promoted, pruned, defined, definedPromoted } = search;
  const shifted = [first, published, ten, twentyFive] as const;
  return [
    ["deploy version 1", first],
    ["publish version 2", first, published],
    ["record it and start at 10 percent", first, published, ten],
    ["shift to 25 percent", ...shifted],
    ["roll back from 25 percent", ...shifted, recorded],
    ["promote", ...shifted, promoted],
    ["roll back after that", ...shifted, promoted, recorded],
    ["forget version 1", ...shifted, promoted, pruned],
    ["record version 2 with a new API definition", first, published, defined],
    ["switch to it", first, published, defined, definedPromoted],
    ["roll back from it", first, published, defined, definedPromoted, defined],
  ];
}

function blueGreenSteps(): Step[] {
  const { first, published, recorded, blue, promoted, pruned, defined, definedPromoted } = catalog;
  const seen = [first, published, recorded, blue] as const;
  return [
    ["deploy version 1", first],
    ["publish version 2", first, published],
    ["record version 2", first, published, recorded],
    ["preview it behind blue", ...seen],
    ["record and preview it in one", first, published, blue],
    ["drop blue", ...seen, recorded],
    ["switch green to version 2", ...seen, recorded, promoted],
    ["drop blue and switch in one", ...seen, promoted],
    ["roll back", ...seen, recorded, promoted, recorded],
    ["prune version 1", ...seen, recorded, promoted, pruned],
    ["record version 2 with a new API definition", first, published, defined],
    ["switch green to it", first, published, defined, definedPromoted],
    ["roll back from it", first, published, defined, definedPromoted, defined],
  ];
}

function codedeploySteps(): Step[] {
  const { first, published, recorded, named, promoted, pruned } = checkout;
  return [
    ["deploy version 1", first],
    ["publish version 2", first, published],
    ["record version 2", first, published, recorded],
    ["name it as the canary, for CodeDeploy", first, published, recorded, named],
    ["promote, when CodeDeploy is done", first, published, named, promoted],
    ["roll back after that", first, published, named, promoted, recorded],
    ["forget version 1", first, published, named, promoted, pruned],
  ];
}

function ecsSteps(): Step[] {
  const { first, published, named, promoted, pruned } = storefront;
  const done = [first, published, named, promoted] as const;
  return [
    ["deploy v1", first],
    ["publish v2", first, published],
    ["name it as the canary, for CodeDeploy", first, published, named],
    ["promote, when CodeDeploy is done", ...done],
    ["roll back after that", ...done, published],
    ["prune v1", ...done, pruned],
  ];
}
