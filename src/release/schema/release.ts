import { z } from "zod";
import { awsLimits } from "../aws/aws-limits";
import { domains } from "../aws/aws-regions";
import { requestMethods } from "../definition/request-methods";
import { Percent } from "../percent";
import { strategies } from "../strategies/names";
import { publicCidr } from "./address-ranges";
import { alarms } from "./alarms";
import { api } from "./api";
import { deployment } from "./deployment";
import { container, ecs } from "./ecs";
import {
  boolean,
  integer,
  list,
  map,
  name,
  object,
  oneOf,
  positiveInteger,
  text,
  versionKey,
  version as versionReference,
} from "./fields";
import { guardOfRelease } from "./guard";
import { previewHeader } from "./preview-header";
import { hooks, rollout } from "./rollout";
import { functionSettings, functionsWithSettings, sharedSettings } from "./settings";
import { stage } from "./stage";
import { triggers } from "./triggers";
import { verdict } from "./verdict";

/**
 * The release file: the one source of its types, of its checks and of the JSON schema that editors use. What one field cannot know of another is in checks/.
 */

const fingerprint = (what: string) =>
  text("16 hexadecimal digits", /^[0-9a-f]{16}$/, 16)
    .describe(what)
    .optional();

/** https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html */
const provisionedConcurrency = integer(1, 10000, "executions");

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html */
const lambdaVersions = map(name(), positiveInteger("the number of a published Lambda version")).refine(
  (numbers) => Object.keys(numbers).length > 0,
  {
    error: "must name at least one function",
  },
);

const version = object({
  fingerprint: fingerprint(
    "Fingerprint of the API definition this version was published with. Default: GET /.",
  ),
  settingsFingerprint: fingerprint(
    "Fingerprint of the function settings this version was published with; where it is recorded, the settings must match it.",
  ),
  settings: functionSettings.describe("Function settings of this version alone.").optional(),
  functions: functionsWithSettings.describe("Settings of single functions of this version alone.").optional(),
  lambdaVersions: lambdaVersions
    .describe(
      "For the strategies where Lambda keeps the versions: by function, the number that Lambda gave. Required where the service has several functions. Default: that of the version.",
    )
    .optional(),
  provisionedConcurrency: provisionedConcurrency
    .describe(
      "For alias-canary-stage and blue-green-stage: executions that Lambda keeps ready for each function of this version (provisioned concurrency). Default: none.",
    )
    .optional(),
  container: container.describe("For ecs-blue-green and ecs-native: what this version runs.").optional(),
});

const since = text(
  "a time in UTC to the second, such as 2026-11-21T09:30:00Z",
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/,
  20,
)
  .describe("When this was last changed; the release command writes it. Default: unknown.")
  .optional();

/** @param tooMuch what is told of more than 100 percent */
function percent(tooMuch: string = Percent.allowed) {
  const allowed = { error: `must be ${Percent.allowed}` };
  return z
    .number(allowed)
    .min(0, allowed)
    .max(100, { error: `must be ${tooMuch}` })
    .refine(Percent.isValid, allowed);
}

const canary = object({
  version: versionReference().describe("The version on trial."),
  percent: percent(`${Percent.allowed}; to send all traffic make it the stable version`)
    .describe(
      "Its share of the traffic, 0 to 100, at most 6 decimals. Default: 10. Not where CodeDeploy shifts: 'rollout' sets the share there.",
    )
    .optional(),
  since,
  hold: object({
    why: text(
      "one line of 1 to 500 printable characters",
      /^[^\p{C}\p{Zl}\p{Zp}]*[^\p{C}\p{Z}][^\p{C}\p{Zl}\p{Zp}]*$/u,
      500,
    ).describe("Why, as the person wrote it."),
    since: since.unwrap().describe("Since when it is held, in UTC."),
  })
    .describe(
      "The canary keeps its share until 'release' removes this field; 'hold' writes it. Not where CodeDeploy shifts. Default: no hold.",
    )
    .optional(),
});

/** The shares that a canary is planned to get, one after the other. */
const step = object({
  percent: percent().describe("The canary's share, 0 to 100."),
  bakeMinutes: integer(0, 10080, "minutes")
    .describe("How many minutes it keeps that share before the next step, 0 to 10080 (a week).")
    .default(0),
  verdict: oneOf(["as-good"])
    .describe(
      '"as-good": it leaves that share only when the verdict finds it as good as stable. Default: no verdict is asked for.',
    )
    .optional(),
  auto: boolean()
    .describe(
      "Whether the next step is proposed by itself when this one is done: its bake time is over, no alarm is in ALARM, and the verdict is as good where the step asks for one. Default: false, a person goes on.",
    )
    .optional(),
});

const adopt = object({
  api: text("the id of a REST API, such as a1b2c3d4e5", /^[a-z0-9]+$/, 32)
    .describe("Id of the existing REST API. Default: a new one is created.")
    .optional(),
  stage: boolean()
    .describe("Whether to adopt that API's stage of the same name too. Default: false.")
    .default(false),
  basePath: boolean()
    .describe("Whether to adopt the domain's mapping of 'stage.basePath' too. Default: false.")
    .default(false),
  functions: map(
    versionKey(),
    map(
      name(),
      text(
        "the name of a Lambda function: 1 to 64 letters, digits, hyphens and underscores",
        /^[A-Za-z0-9_-]+$/,
        awsLimits.functionNameCharacters.most,
      ),
    ),
  )
    .describe(
      "By version and function of the service: the existing function's name in AWS, which it keeps while its version is listed. Default: new functions are created.",
    )
    .default({}),
});

export const schemaAddress = z.string().describe("Where editors find the schema of this file.").optional();

const temporaryStage = object({
  version: versionReference().describe("The version that the stage serves."),
  sources: list(publicCidr, 1, 50, "address ranges").describe(
    'Ranges of public addresses that may call the stage. For everybody: ["0.0.0.0/0", "::/0"].',
  ),
  header: previewHeader
    .describe(
      "Requests to 'stage.basePath' on the environment's domain that have this header go to the stage, from the addresses in 'sources' alone. Needs 'routingRules' of the domain. Default: none, the stage has its own address alone.",
    )
    .optional(),
  since,
});

/** A request that a version must answer as expected before users reach it. */
const request = object({
  method: oneOf(requestMethods).describe('HTTP method. Default: "GET".').default("GET"),
  path: text(
    "a path such as /users/7?full=true, as a client sends it",
    /^\/([A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*$/,
    1024,
  ).describe("A path that one of the routes answers, with its query."),
  body: text("text of at most 10000 characters", /^[^\0]+$/, 10_000)
    .describe("The body, sent as application/json unless 'headers' say otherwise. Default: none.")
    .optional(),
  bodyFile: text(
    "a path within the project, such as requests/order.json",
    /^(?!\/)(?!(.*\/)?\.\.(\/|$))[!-~]+$/,
    512,
  )
    .describe("A file with the body, relative to the project, in place of 'body'. Default: none.")
    .optional(),
  headers: map(
    text("the name of a header", /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 256),
    text("the value of a header, of 1 to 4096 printable characters", /^[!-~]([ -~]*[!-~])?$/, 4096),
  )
    .describe(
      "Headers by name. $NAME stands for an environment variable of the process that sends the request: no secret belongs in the file. Default: content-type, where there is a body.",
    )
    .optional(),
  split: boolean()
    .describe(
      "Whether 'rehearse', 'traffic' and the deploy's split check send this request, hundreds of times, in place of the first open GET route. One request at most. Default: false.",
    )
    .optional(),
  count: integer(1, 10_000, "times").describe("How often it is sent, 1 to 10000. Default: 20.").default(20),
  expect: object({
    status: integer(200, 599).describe("The status of every answer, 200 to 599. Default: 200.").default(200),
    bodyContains: text("text of 1 to 1000 characters", /./s, 1000)
      .describe("What every answer's body contains. Default: anything.")
      .optional(),
    p95Ms: integer(1, 30_000, "ms")
      .describe("How many milliseconds 95 % of the answers may take, 1 to 30000. Default: any time.")
      .optional(),
  })
    .describe("What the answers must be.")
    .prefault({}),
});

/** A tag can be moved to another image, so that a version would not tell what runs. */
const image = text(
  "an image in ECR by its digest, <account>.dkr.ecr.<region>.amazonaws.com/<repository>@sha256:<64 hexadecimal digits>, because a tag can be moved to another image",
  new RegExp(
    `^\\d{12}\\.dkr\\.ecr\\.[a-z0-9-]+\\.(${domains.map((one) => one.replaceAll(".", "\\.")).join("|")})/[a-z0-9]+([._/-][a-z0-9]+)*@sha256:[0-9a-f]{64}$`,
  ),
  512,
);

export const releaseFile = object({
  $schema: schemaAddress,
  strategy: oneOf(strategies).describe("How traffic is shifted."),
  versions: z
    .union(
      [
        list(versionReference(), 1, 100, "versions"),
        map(versionKey(), version).refine((versions) => Object.keys(versions).length > 0, {
          error: "must name at least one version",
        }),
      ],
      { error: "must be a list of versions, or an object of them" },
    )
    .describe(
      'The published versions: names such as "v2", "1.2.3" or "2026-11-27", or the numbers that Lambda gave; an object where one has settings or a fingerprint.',
    ),
  stable: versionReference().describe("The version that serves most users."),
  stableSince: since
    .unwrap()
    .describe(
      "When it was decided that the stable version serves most users; the release command writes it where there is a guard. Default: unknown.",
    )
    .optional(),
  former: versionReference()
    .describe("The version that was stable before; a rollback returns to it. Default: none.")
    .optional(),
  canary: canary.describe("Default: none, all traffic goes to stable.").optional(),
  steps: list(step, 1, 20, "steps")
    .describe("The canary's planned shares, each larger than the one before. Default: none.")
    .optional(),
  guard: guardOfRelease
    .describe(
      "For strategies that neither CodeDeploy nor ECS moves: takes a bad version back by itself. An alarm on the version on trial takes its users away; what was stopped stays stopped. false leaves out the environment's. Default: the environment's, or none.",
    )
    .optional(),
  rollout: rollout
    .describe(
      "For codedeploy-alias and ecs-blue-green: how CodeDeploy shifts. Default: 10 percent, then the rest after 5 minutes.",
    )
    .optional(),
  deployment: deployment
    .describe(
      "For ecs-native: how ECS shifts users to a new stable version. Default: 10 percent, then the rest after 5 minutes.",
    )
    .optional(),
  alarms: alarms
    .describe("Alarms that stop a shift. Default: none; where CodeDeploy or ECS shifts, those on errors.")
    .optional(),
  verdict: verdict
    .describe(
      "For strategies that split users, which is all but blue-green-stage: how 'lambda-release verdict' compares the version on trial with stable. Default: of each field that is left out, what the environment says, or the field's default.",
    )
    .optional(),
  dashboard: boolean()
    .describe(
      "A CloudWatch dashboard of the service, with stable beside the version on trial. It costs extra; false leaves it out. Default: what the environment says, or true.",
    )
    .optional(),
  hooks: hooks
    .describe(
      "For codedeploy-alias, ecs-blue-green and ecs-native: functions that CodeDeploy or ECS calls to check whether it may continue. Default: none.",
    )
    .optional(),
  ecs: ecs
    .describe(
      "For ecs-blue-green and ecs-native: the service, its load balancer and its network. Default: the default of each field.",
    )
    .optional(),
  blue: temporaryStage
    .describe("For blue-green-stage: the version to preview, on the stage blue. Default: none.")
    .optional(),
  preview: temporaryStage
    .describe(
      "For the other strategies of functions: a version to preview before any user reaches it, on the stage preview. Default: none.",
    )
    .optional(),
  image: image
    .describe(
      "Container image of the function, by its digest. Default: a zip file of its handler. Not for canary-stage.",
    )
    .optional(),
  greenAlias: boolean()
    .describe(
      "For blue-green-stage: adds an alias green of the stable version, for callers besides the API. A switch is then two changes. Default: false.",
    )
    .optional(),
  settings: sharedSettings.describe("Settings of every function.").optional(),
  functions: z
    .union([list(name(), 1, awsLimits.stageVariables.most, "function names"), functionsWithSettings], {
      error: "must be a list of function names, or an object of them",
    })
    .describe("The functions of the service. Default: one, named as the service.")
    .optional(),
  triggers: triggers
    .describe(
      "For weighted-alias and codedeploy-alias: what invokes the function besides the API, each through the alias live; 30 at most. Default: none.",
    )
    .optional(),
  api: z
    .union([z.literal(false), api], { error: "must be an object, or false where there is no API" })
    .describe(
      "The API definition: default GET /. For weighted-alias and codedeploy-alias false is allowed too: there is no API then, and triggers and others invoke the alias live.",
    )
    .optional(),
  stage: stage.describe("The API Gateway stage.").prefault({}),
  requests: list(request, 1, 50, "requests")
    .describe(
      "Requests that a version must answer before users reach it: lambda-release check-requests sends them. Default: none.",
    )
    .optional(),
  adopt: adopt
    .describe(
      "Resources that existed before this file: the first deploy imports them and creates none of them again.",
    )
    .prefault({}),
});

/** A release file as it is given: what depends on its strategy may be left out. */
export type FileAsGiven = z.output<typeof releaseFile>;
export type FunctionSettingsInFile = z.output<typeof sharedSettings>;
export type VersionInFile = z.output<typeof version>;
export type StepInFile = z.output<typeof step>;
export type RequestInFile = z.output<typeof request>;
export type AlarmsInFile = z.output<typeof alarms>;
export type RolloutInFile = z.output<typeof rollout>;
export type DeploymentInFile = z.output<typeof deployment>;
