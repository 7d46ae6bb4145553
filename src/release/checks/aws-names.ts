import { awsLimits } from "../aws/aws-limits";
import { domainStackName } from "../environment/domain";
import { accountStackName, bootstrapStackName, imageRepositoriesStackName } from "../environment/environment";
import { ownedBuckets } from "../functions/bucket-events";
import { askerOf, deployedHooks, hookName, hooksInFile, hooksOf, isArn } from "../functions/hooks";
import { codeFolders, functionsOf } from "../functions/service-functions";
import { ruleName, triggersOf } from "../functions/triggers";
import { guardName, guardOf, guardRuleName, guardWakers } from "../guard";
import type { Problem } from "../problem";
import { type ReleaseContext, versionField, versionsInFile } from "../release-context";
import { ecsRoleName } from "../shifts/deployment";
import { codeDeployRoleName } from "../shifts/rollout";
import { modelOf, shiftsByItself } from "../strategies/strategies";
import { versionId, withOwnId } from "../version-id";
import { taskFamilies } from "./ecs";
import type { Finding } from "./finding";

/** A Lambda function and its role have the same name, and the same limit. */
const functionNameLength = awsLimits.functionNameCharacters.most;

/** Names that AWS would refuse. */
export function checkNameLengths(context: ReleaseContext): Finding[] {
  return [...functionNameLengths(context), ...shiftNameLengths(context), ...guardNameLengths(context)];
}

function shiftNameLengths(context: ReleaseContext): Finding[] {
  const { service, environment, file } = context;
  const model = modelOf(file);
  if (!shiftsByItself(model)) return [];
  const [whose, roleName] =
    model.movedBy === "ecs" ? ["ECS's", ecsRoleName] : ["CodeDeploy's", codeDeployRoleName];
  const role = roleName(`${service}-${environment.name}`);
  const names = [
    { field: ["strategy"], what: `${whose} role a name`, name: role },
    ...hooksInFile(context)
      .filter(([, hook]) => !isArn(hook))
      .map(([moment, hook]) => ({
        field: ["hooks", moment],
        what: "a function name",
        name: hookName(context, hook, askerOf(file)),
      })),
  ];
  return names
    .filter(({ name }) => name.length > functionNameLength)
    .map(({ field, what, name }) => ({
      field,
      message: `must give ${what} of at most ${functionNameLength} characters`,
      value: name,
    }));
}

/** Its rules have the longest names, so a function or queue of it that AWS would refuse is refused too. */
function guardNameLengths({ service, environment, file }: ReleaseContext): Finding[] {
  const { most } = awsLimits.ruleNameCharacters;
  if (guardOf(file, environment) === undefined) return [];
  const [longest = ""] = guardWakers
    .map((one) => guardRuleName(`${service}-${environment.name}`, one))
    .filter(({ length }) => length > most)
    .sort((a, b) => b.length - a.length);
  if (longest === "") return [];
  return [
    { field: ["guard"], message: `must give its rules names of at most ${most} characters`, value: longest },
  ];
}

function functionNameLengths(context: ReleaseContext): Finding[] {
  return codeFolders(context.file).flatMap((version) =>
    functionsOf(context, version)
      .filter(({ ownName }) => ownName.length > functionNameLength)
      .map(({ ownName }) => ({
        field: versionField(context, version),
        message: `must give function names of at most ${functionNameLength} characters`,
        value: ownName,
      })),
  );
}

/** Two versions whose functions or containers would have one name in AWS. */
export function checkVersionIds(context: ReleaseContext): Finding[] {
  const versions = Object.keys(versionsInFile(context.file));
  const own = withOwnId(versions);
  return versions
    .filter((version) => !own.includes(version))
    .map((version) => {
      const other = own.find((one) => versionId(one) === versionId(version));
      const message = `must differ from ${other} in more than a dot and a hyphen: names in AWS have hyphens for dots`;
      return { field: versionField(context, version), message, value: version };
    });
}

/** Two files that would give one name to two things. Each is told once, at the later file. */
export function checkNameCollisions(
  contexts: readonly { file: string; context: ReleaseContext }[],
): Problem[] {
  const owners = new Map<string, string>();
  const problems: Problem[] = [];
  const claim = (kind: string, name: string, file: string) => {
    const owner = owners.get(`${kind} ${name}`);
    owners.set(`${kind} ${name}`, owner ?? file);
    if (owner === undefined) return;
    const message =
      owner === file
        ? `must not give one ${kind} name to two functions; rename a function or a version`
        : `must not give the ${kind} name that ${owner} gives; rename one of the services`;
    problems.push({ file, field: [], message, value: name });
  };
  const own = (bucket: string, file: string) => {
    const owner = owners.get(`bucket ${bucket}`);
    owners.set(`bucket ${bucket}`, owner ?? file);
    if (owner === undefined) return;
    const message = `must not own the notifications of a bucket that ${owner} owns: each deploy would delete the other's`;
    problems.push({ file, field: [], message, value: bucket });
  };
  for (const environment of new Set(contexts.map(({ context }) => context.environment))) {
    const { name, apiGatewayAccount, imageRepositories, github, domain } = environment;
    const file = `releases/${name}/environment.json`;
    if (apiGatewayAccount) claim("stack", accountStackName(name), file);
    if (imageRepositories.length > 0) claim("stack", imageRepositoriesStackName(name), file);
    if (domain?.existing === false) claim("stack", domainStackName(name), file);
    if (github !== undefined) claim("stack", bootstrapStackName(name), file);
  }
  for (const { file, context } of contexts) {
    claim("stack", `${context.service}-${context.environment.name}`, file);
    const folders = withOwnId(codeFolders(context.file));
    const functions = folders.flatMap((folder) => functionsOf(context, folder));
    for (const { ownName } of functions) claim("function", ownName, file);
    const triggers = triggersOf(context.file.triggers);
    const buckets = ownedBuckets(triggers.map((trigger) => ({ trigger })));
    for (const bucket of buckets.keys()) own(bucket, file);
    for (const trigger of triggers)
      if (trigger.kind === "events" || trigger.kind === "schedule")
        claim("rule", ruleName(`${context.service}-${context.environment.name}`, trigger.name), file);
    if (guardOf(context.file, context.environment) !== undefined) {
      const release = `${context.service}-${context.environment.name}`;
      claim("function", guardName(release), file);
      for (const waker of guardWakers) claim("rule", guardRuleName(release, waker), file);
    }
    for (const family of taskFamilies(context)) claim("task definition", family, file);
    const hooks = new Set(deployedHooks(hooksOf(context)).map(({ ownName }) => ownName));
    for (const hook of hooks) claim("function", hook, file);
  }
  return problems;
}
