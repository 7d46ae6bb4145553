import { regionOf } from "../aws/arn";
import { awsLimits, raisedBy } from "../aws/aws-limits";
import { mostStreamedSeconds } from "../definition/streaming";
import { definitionInFile, functionNames } from "../functions/service-functions";
import { namesTarget } from "../pointer";
import type { ReleaseContext } from "../release-context";
import { modelOf } from "../strategies/strategies";
import type { Finding } from "./finding";

/** What a stage has at most, beside what a release points it at. */
export function checkStage(context: ReleaseContext): Finding[] {
  if (modelOf(context.file).versionKind === "container") return [];
  return [...ownNames(context), ...numberOfVariables(context), ...throttledRoutes(context)];
}

function ownNames({ file }: ReleaseContext): Finding[] {
  return Object.keys(file.stage.variables)
    .filter(namesTarget)
    .map((name) => ({
      field: ["stage", "variables", name],
      message: "must not be 'alias' or end with 'Function': those variables name what answers",
      value: name,
    }));
}

/** AWS keeps a limit of a route that the API does not have, and it limits nothing. */
function throttledRoutes(context: ReleaseContext): Finding[] {
  const throttled = Object.keys(context.file.stage.routeThrottling ?? {});
  if (throttled.length === 0) return [];
  const routes = definitionInFile(context).routes.map(({ method, path }) => `${method} ${path}`);
  const known = routes.filter((route) => !route.startsWith("ANY "));
  return throttled
    .filter((route) => !known.includes(route))
    .map((route) => ({
      field: ["stage", "routeThrottling", route],
      message: `must be a route of the API that names its method (${known.join(", ") || "there is none"})`,
      value: route,
    }));
}

/** A stage has a variable for each function of its versions, or for the alias of each. */
function numberOfVariables(context: ReleaseContext): Finding[] {
  const { most } = awsLimits.stageVariables;
  const own = Math.min(functionNames(context).length, most);
  const { length } = Object.keys(context.file.stage.variables);
  if (length + own <= most) return [];
  const message = `must be at most ${most - own}, because a stage has ${most} variables and ${own} of them name what answers`;
  return [{ field: ["stage", "variables"], message, value: length }];
}

/** https://docs.aws.amazon.com/waf/latest/developerguide/how-aws-waf-works-resources.html */
export function checkWebAcl({ file, environment }: ReleaseContext): Finding[] {
  const { webAclArn } = file.stage;
  if (webAclArn === undefined || regionOf(webAclArn) === environment.region) return [];
  const message = `must be a web ACL in the stage's region, ${environment.region}`;
  return [{ field: ["stage", "webAclArn"], message, value: regionOf(webAclArn) }];
}

/** How long API Gateway waits for a function: AWS raises it for regional APIs. */
export function checkTimeouts({ file, environment }: ReleaseContext): Finding[] {
  const seconds = environment.quotas.integrationTimeoutMs / 1000;
  return (file.api?.routes ?? []).flatMap(({ timeoutSeconds, stream = false }, index) => {
    if (timeoutSeconds <= (stream ? mostStreamedSeconds : seconds)) return [];
    const message = `must be a number between 0.05 and ${seconds} seconds${raisedBy("integrationTimeoutMs")}`;
    return [{ field: ["api", "routes", index, "timeoutSeconds"], message, value: timeoutSeconds }];
  });
}
