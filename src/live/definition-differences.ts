import { GetDeploymentCommand, GetExportCommand } from "@aws-sdk/client-api-gateway";
import { type Definition, definitionOf } from "../release/definition/definition";
import { fingerprint } from "../release/definition/fingerprint";
import { integrationUri } from "../release/definition/integration-uri";
import { openApiDocument } from "../release/definition/openapi";
import { holdsAliasAlone } from "../release/functions/alias-variable";
import type { ApiRelease } from "../release/release";
import { AwsError } from "./aws-error";
import type { Account, Aws, Place } from "./clients";
import { type Comparison, compared, joined } from "./comparison";
import type { LiveApi } from "./live-state";
import type { LiveTraffic } from "./live-traffic";
import { type Method, type Methods, methodsOfDocument, methodsOfSummary } from "./methods";

/**
 * Compares what API Gateway serves with the definitions of the versions: no plan does it, because Terraform does not
 * read the API's body back. Compared is what API Gateway is known to export as it was given: paths, methods,
 * authorization and what answers.
 */
export async function definitionDifferences(
  aws: Aws,
  release: ApiRelease,
  api: LiveApi,
  traffic: LiveTraffic,
): Promise<Comparison> {
  const { stage } = api;
  const canary = stage.canary && traffic.canary;
  return joined(
    await Promise.all([
      definitionOfStage(aws, release, api, traffic.stable),
      ...(stage.canary && canary
        ? [definitionOfCanary(aws, release, api, canary.version, stage.canary.deploymentId)]
        : []),
    ]),
  );
}

/** The stage's own deployment is exported with all that API Gateway knows of it. */
function definitionOfStage(
  aws: Aws,
  release: ApiRelease,
  { apiId }: LiveApi,
  version: string,
): Promise<Comparison> {
  return ofVersion(aws, release, version, async (expected) => {
    const { body } = await aws.apiGateway.send(
      new GetExportCommand({
        restApiId: apiId,
        stageName: release.stage.name,
        exportType: "oas30",
        parameters: { extensions: "apigateway" },
        accepts: "application/json",
      }),
    );
    const served = methodsOfDocument(documentOf(body?.transformToString() ?? ""));
    return { differences: differentMethods(version, expected, served) };
  });
}

/** API Gateway exports stages and no deployments: of a canary's there is only a summary. */
function definitionOfCanary(
  aws: Aws,
  release: ApiRelease,
  { apiId }: LiveApi,
  version: string,
  deploymentId: string,
): Promise<Comparison> {
  return ofVersion(aws, release, version, async (expected) => {
    const { apiSummary } = await aws.apiGateway.send(
      new GetDeploymentCommand({ restApiId: apiId, deploymentId, embed: ["apisummary"] }),
    );
    if (apiSummary === undefined)
      return { unknown: [`${version}: API Gateway gives no summary of its deployment ${deploymentId}`] };
    const inSummary = new Map([...expected].map(([name, { authorization }]) => [name, { authorization }]));
    return {
      differences: differentMethods(version, inSummary, methodsOfSummary(apiSummary)),
      unknown: [
        `${version}: API Gateway does not export a canary's deployment: the functions of its routes are not compared`,
      ],
    };
  });
}

function ofVersion(
  account: Account,
  release: ApiRelease,
  name: string,
  compare: (expected: Methods) => Promise<Partial<Comparison>>,
): Promise<Comparison> {
  return compared(`${name}: the definition`, async () => {
    const version = release.versions.find((one) => one.name === name);
    // A version that the file does not list is a difference already.
    if (version === undefined) return {};
    const definition = knownDefinition(release, version.fingerprint);
    if (definition === undefined)
      return { unknown: [`${name}: its definition, ${version.fingerprint}, is no longer that of the file`] };
    return compare(expectedMethods(release, definition, account));
  });
}

/** The file has the definition of the versions that were published with it; others have only a fingerprint there. */
function knownDefinition({ definition, service }: ApiRelease, wanted: string): Definition | undefined {
  return [definition, definitionOf(undefined, service)].find((one) => fingerprint(one) === wanted);
}

/** What the stacks give to API Gateway. */
export function expectedMethods(release: ApiRelease, definition: Definition, place: Place): Methods {
  const target = (stageVariable: string) => {
    const fixed =
      release.versionKind === "lambda" &&
      release.functions.find(
        (one) => one.stageVariable === stageVariable && holdsAliasAlone(one.aliasVariable),
      );
    return fixed ? `${fixed.awsName}:\${stageVariables.alias}` : `\${stageVariables.${stageVariable}}`;
  };
  // Methods are compared without the partition.
  const uri = (stageVariable: string) =>
    integrationUri({ ...place, partition: "aws" }, target(stageVariable));
  return methodsOfDocument(openApiDocument(definition, release.name, uri));
}

function differentMethods(version: string, expected: Methods, served: Methods): string[] {
  const names = [...new Set([...expected.keys(), ...served.keys()])].sort();
  return names.flatMap((name) => {
    const [here, there] = [expected.get(name), served.get(name)];
    if (here === undefined) return [`${version}: ${name} is served in AWS, but is not in its definition`];
    if (there === undefined) return [`${version}: ${name} is not served in AWS, but is in its definition`];
    return differentMethod(`${version}: ${name}`, here, there);
  });
}

function differentMethod(who: string, expected: Method, served: Method): string[] {
  const line = (field: string, there: string, here: string) =>
    there === here ? [] : [`${who} has ${field} ${there} in AWS, but must have ${here}`];
  return [
    ...line("authorization", served.authorization, expected.authorization),
    ...line("user pools", (served.pools ?? []).join(", "), (expected.pools ?? []).join(", ")),
    ...line("authorizer", served.authorizer ?? "none", expected.authorizer ?? "none"),
    ...line("integration", served.target ?? "", expected.target ?? ""),
  ];
}

function documentOf(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw new AwsError("InvalidExport", "the answer to apigateway:GetExport is not JSON");
  }
}
