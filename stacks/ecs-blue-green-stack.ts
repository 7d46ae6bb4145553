import type { Construct } from "constructs";
import type { EcsBlueGreenRelease } from "../release/release";
import { EnvironmentStack } from "./environment-stack";

/** Tasks behind a load balancer, whose users CodeDeploy moves from one version's tasks to the next's. */
export class EcsBlueGreenStack extends EnvironmentStack {
  constructor(scope: Construct, release: EcsBlueGreenRelease) {
    super(scope, release.name, release.environment);
  }
}
