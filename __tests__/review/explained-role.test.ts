import { explanation } from "../../src/review/explain";
import type { PlannedResource } from "../../src/review/plan";
import type { Step } from "../../src/review/step";
import { changed, resource } from "./between";
import { create, gone, lambda, step } from "./planned-changes";

describe("the role of a function", () => {
  const settings = (shownBy: string, version?: string): Step => ({ ...step("settings", version), shownBy });
  const attachment = (place: string, fields: Partial<PlannedResource>) =>
    resource(`aws_iam_role_policy_attachment.${place}_role_managed-policy-21e4ecfa313f4557_26E53050`, fields);
  const role = (place: string, fields: Partial<PlannedResource>) =>
    resource(`aws_iam_role.${place}_role_051A33F2`, fields);
  const [ofVersion, own] = ["version_v2_shop-function", "function"];
  const forget = { action: "forget" } as const;

  test.each<[string, PlannedResource, Step]>([
    ["goes for another one", role(ofVersion, gone), settings("memoryMb, roleArn", "v2")],
    ["comes in place of another one", role(ofVersion, create), settings("roleArn", "v2")],
    ["is forgotten where Lambda keeps the versions", role(own, forget), settings("roleArn")],
    ["is another one", lambda(own, "role"), settings("roleArn")],
    ["gets a managed policy", attachment(ofVersion, create), settings("managedPolicies", "v2")],
    [
      "gets one for all versions",
      attachment(own, create),
      { ...step("permissions"), shownBy: "managedPolicies" },
    ],
    [
      "loses one for all versions",
      attachment(own, gone),
      { ...step("permissions"), shownBy: "managedPolicies" },
    ],
    [
      "may do other things in all versions",
      resource("aws_iam_role_policy.function_role_policy_70D20236", { changed: changed("policy") }),
      { ...step("permissions"), shownBy: "permissions" },
    ],
  ])("%s by the setting that says so", (_, planned, by) => {
    expect(explanation(planned, [by])).toEqual([by]);
  });

  test.each<[string, PlannedResource, Step]>([
    ["goes", role(ofVersion, gone), settings("memoryMb", "v2")],
    ["of another version goes", role(ofVersion, gone), settings("roleArn", "v1")],
    ["is forgotten", role(own, forget), settings("permissions")],
    ["goes where it should stay", role(own, gone), step("publish", "2")],
    ["is another one", lambda(own, "role"), settings("memoryMb")],
    ["gets a managed policy", attachment(own, create), settings("memoryMb")],
    ["gets a managed policy by publishing", attachment(own, create), step("publish", "2")],
    [
      "gets a managed policy of other permissions",
      attachment(own, create),
      { ...step("permissions"), shownBy: "permissions" },
    ],
  ])("%s by no other change", (_, planned, by) => {
    expect(explanation(planned, [by])).toEqual([]);
  });
});
