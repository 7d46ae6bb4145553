import type { CodeDeploy } from "@aws-sdk/client-codedeploy";

/** What is asked of CodeDeploy. */
export type CodeDeployApi = Pick<
  CodeDeploy,
  | "createApplication"
  | "createDeploymentConfig"
  | "createDeploymentGroup"
  | "createDeployment"
  | "getDeployment"
  | "getDeploymentTarget"
  | "continueDeployment"
  | "stopDeployment"
>;
