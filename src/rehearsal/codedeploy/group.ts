import type {
  ComputePlatform,
  DeploymentGroupInfo,
  DeploymentStatus,
  RevisionLocation,
} from "@aws-sdk/client-codedeploy";

export interface Application {
  readonly id: string;
  readonly platform: ComputePlatform;
  readonly createTime: Date;
  readonly tags: Map<string, string>;
  /** By name. */
  readonly groups: Map<string, Group>;
  name: string;
}

/** A deployment as its group knows it. */
export interface Attempt {
  readonly id: string;
  readonly status: DeploymentStatus;
  readonly createTime: Date;
  readonly completeTime?: Date;
  readonly revision: RevisionLocation;
}

export interface Group {
  readonly application: Application;
  readonly tags: Map<string, string>;
  settings: GroupSettings;
  lastAttempted?: Attempt;
  lastSuccessful?: Attempt;
}

/** What a group is set to. */
export type GroupSettings = DeploymentGroupInfo & {
  readonly deploymentGroupName: string;
  readonly deploymentConfigName: string;
};
