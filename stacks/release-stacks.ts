import { join } from "node:path";
import type { App } from "cdktf";
import { addCustomSynthesis } from "cdktf/lib/synthesize/synthesizer";
import type { Packages } from "../packaging/handler-files";
import { writePackages } from "../packaging/output";
import type { Environment } from "../release/environment";
import type { Release } from "../release/release";
import { ApiGatewayAccountStack } from "./api-gateway-account-stack";
import { CanaryStageStack } from "./canary-stage-stack";

const stackOf = { "canary-stage": CanaryStageStack };

/** A stack for each release, by its strategy, and the account's for each environment that asks for it. */
export function addStacks(
  app: App,
  environments: readonly Environment[],
  releases: readonly Release[],
): void {
  for (const environment of environments) {
    if (environment.apiGatewayAccount) new ApiGatewayAccountStack(app, environment);
  }
  for (const release of releases) new stackOf[release.strategy](app, release);
}

/** Has each stack write its packages when it is synthesized: after it was found valid, before the manifest. */
export function attachPackages(app: App, releases: readonly Release[], packages: Packages): void {
  for (const release of releases) {
    addCustomSynthesis(app.node.findChild(release.name), {
      onSynthesize: ({ outdir }) => writePackages(join(outdir, "stacks", release.name), release, packages),
    });
  }
}
