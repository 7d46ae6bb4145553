/** What an alarm watches: the new version, or everything that the alias serves. */
export const alarmScopes = ["version", "alias"] as const;

/** What it watches where CodeDeploy moves users between target groups, of which either may have the new version. */
export const targetGroups = ["blue", "green"] as const;
export type AlarmScope = (typeof alarmScopes)[number] | (typeof targetGroups)[number];

/**
 * What an alarm on answers counts: those of the version on trial, by what the strategy calls it, or all that users
 * get of the stage.
 */
export const answersScopes = ["canary", "blue", "stage"] as const;
export type AnswersScope = (typeof answersScopes)[number];

/** Whether what is counted are answers to users. Testers call blue. */
export function isOfUsers(scope: AnswersScope): boolean {
  return scope !== "blue";
}
