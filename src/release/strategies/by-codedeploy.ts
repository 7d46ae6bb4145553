/** Why the file gives no share where CodeDeploy shifts. */
export const byCodeDeploy = "CodeDeploy sets the canary's share, as 'rollout' configures";

const takesBack = "CodeDeploy itself takes a bad version back, by the file's 'alarms'";

/** Why there is no guard where CodeDeploy shifts. */
export const whyNoGuard = { guard: takesBack, stableSince: takesBack };
