/** What a file calls the strategies, in the order in which messages and docs list them. */
export const strategies = [
  "canary-stage",
  "alias-canary-stage",
  "weighted-alias",
  "blue-green-stage",
  "codedeploy-alias",
  "ecs-blue-green",
  "ecs-native",
] as const;
export type Strategy = (typeof strategies)[number];
