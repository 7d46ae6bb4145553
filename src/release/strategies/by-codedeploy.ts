/** Why the file gives no share where CodeDeploy shifts. */
export const byCodeDeploy = "CodeDeploy gives the canary its share, by the configuration in 'rollout'";
