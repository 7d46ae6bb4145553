import { Construct } from "constructs";
import { definitionDeployment } from "../src/release/pointer";
import type { LambdaVersion } from "../src/release/version";
import type { ServiceApi } from "./service-api";
import { VersionDeployment } from "./version-deployment";

export interface DefinitionDeploymentsProps {
  /** The API that is deployed. */
  readonly api: ServiceApi;
  /** Their fingerprints say how many deployments there are. */
  readonly versions: readonly LambdaVersion[];
}

/** A deployment for each API definition that a version was published with: versions that share one share it. */
export class DefinitionDeployments extends Construct {
  private readonly ids: ReadonlyMap<string, string>;

  constructor(scope: Construct, id: string, { api, versions }: DefinitionDeploymentsProps) {
    super(scope, id);
    const fingerprints = [...new Set(versions.map(({ fingerprint }) => fingerprint))];
    this.ids = new Map(
      fingerprints.map((fingerprint) => {
        const deployment = new VersionDeployment(this, fingerprint, {
          api,
          description: definitionDeployment(fingerprint),
          triggers: { fingerprint },
        });
        return [fingerprint, deployment.id];
      }),
    );
  }

  /** Id of the deployment with a version's definition. */
  idOf({ fingerprint }: LambdaVersion): string {
    return this.ids.get(fingerprint) as string;
  }
}
