/** Why the file gives no share where CodeDeploy shifts. */
export const byCodeDeploy = "CodeDeploy sets the canary's share, as 'rollout' configures";
