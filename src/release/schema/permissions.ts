import { z } from "zod";
import { actionPattern } from "../functions/permission";
import { list, map, object, text, variableName } from "./fields";

/** What a function may do besides writing its logs, in a release file, and the most that functions may have. */

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html */
const action = text(
  "an IAM action such as dynamodb:GetItem, with * and ? as wildcards after the colon, or *",
  actionPattern,
  128,
);

/** IAM takes no wildcard for the partition and the service: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html */
const resource = text(
  "an ARN such as arn:aws:dynamodb:eu-central-1:111122223333:table/orders, with * and ? as wildcards after the service, or *",
  /^(\*|arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9*?-]*:(aws|[0-9*?]{0,12}):[!-~]+)$/,
  1024,
);

const reason = text(
  "a reason of three words or more, 200 characters at most",
  /^[^\s\0]+( [^\s\0]+){2,}$/,
  200,
).describe(
  'Why an action has a wildcard, or the resource is "*". It stays in the file. Default: none; required for these.',
);

const permission = object({
  actions: list(action, 1, 100, "actions").describe(
    'IAM actions, such as "dynamodb:GetItem". A wildcard, such as "s3:Get*" or "*", needs a `reason`.',
  ),
  resources: list(resource, 1, 100, "resources").describe(
    'ARNs of what the actions are allowed on, with * and ? as wildcards. "*" needs a `reason`.',
  ),
  reason: reason.optional(),
}).superRefine(({ actions, resources, reason }, context) => {
  const wide = [...actions.filter((one) => /[*?]/.test(one)), ...resources.filter((one) => one === "*")];
  if (reason !== undefined || wide.length === 0) return;
  const shown = wide.map((one) => JSON.stringify(one)).join(", ");
  const message = `must say in three words or more why there are wildcards, ${shown}`;
  context.addIssue({ code: "custom", path: ["reason"], message, input: undefined });
});

export const permissions = () => list(permission, 0, 50, "permissions");

/** AWS raises its quota to 20 at most; the environment says to what. */
export const managedPolicies = () =>
  list(
    text(
      "the ARN of a managed policy",
      /^arn:aws[a-z-]*:iam::(aws|\d{12}):policy\/([!-~]*\/)?[\w+=,.@-]{1,128}$/,
      1024,
    ),
    0,
    20,
    "managed policies",
  );

export const roleArn = () =>
  text("the ARN of an IAM role", /^arn:aws[a-z-]*:iam::\d{12}:role\/([!-~]*\/)?[\w+=,.@-]{1,64}$/, 1024);

const keyArn = text(
  "the ARN of a KMS key, arn:aws:kms:<region>:<account>:key/<id>: IAM knows no alias",
  /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/,
  256,
).describe("The customer managed KMS key that encrypts it: the function may decrypt with it.");

/** Names that begin with aws or ssm are AWS's own: https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html */
const parameterName = text(
  "the name of an SSM parameter such as /shop/db/password, not beginning with aws or ssm, or its ARN",
  /^(?!\/?(aws|ssm))(arn:aws[a-z-]*:ssm:[a-z0-9-]+:\d{12}:parameter\/[\w.-]+(\/[\w.-]+)*|[\w.-]+|(\/[\w.-]+){1,15})$/i,
  1011,
);

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html */
const secretName = text(
  "the name of a Secrets Manager secret such as shop/stripe, or its whole ARN with the six characters at its end",
  /^(arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+-[A-Za-z0-9]{6}|[\w/+=.@-]+)$/,
  512,
);

/** By environment variable: its name, or name and key. Its value is never in a file. */
const stored = (storedName: typeof secretName, what: string) =>
  map(
    variableName(),
    z.union(
      [storedName, object({ name: storedName.describe(`Name or ARN of the ${what}.`), kmsKeyArn: keyArn })],
      {
        error: `must be the name of the ${what}, or { "name": "...", "kmsKeyArn": "..." }`,
      },
    ),
  );

/** Fields of the settings of a function. */
export const accessSettings = {
  permissions: permissions()
    .describe(
      "What the function may do besides writing its logs: a list of actions and resources. A lower level replaces the list. Default: nothing. See docs/permissions.md.",
    )
    .optional(),
  managedPolicies: managedPolicies()
    .describe(
      "ARNs of managed policies that the function's role has attached, 10 at most unless AWS raised the quota. Default: none.",
    )
    .optional(),
  roleArn: roleArn()
    .describe(
      "A role that exists, in place of the one that the stack makes: its owner gives it all that the function needs, also for its logs. Not with permissions, managedPolicies, parameters, secrets. Default: the stack makes a role.",
    )
    .optional(),
  parameters: stored(parameterName, "SSM parameter")
    .describe(
      "By environment variable: the SSM parameter that the function may read. The variable holds the name, never the value. Levels are merged name by name. Default: none.",
    )
    .optional(),
  secrets: stored(secretName, "secret")
    .describe(
      "By environment variable: the Secrets Manager secret that the function may read. The variable holds the name, never the value. Levels are merged name by name. Default: none.",
    )
    .optional(),
};
