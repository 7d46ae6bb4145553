import { ArchiveProvider } from "@cdktf/provider-archive/lib/provider";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { ApiStage } from "lambda-release/constructs/api-stage";
import { AwsTarget } from "lambda-release/constructs/aws-target";
import { PublishedVersion } from "lambda-release/constructs/published-version";
import { ServiceApi } from "lambda-release/constructs/service-api";
import { stageVariableUri } from "lambda-release/constructs/stage-variable-uri";
import { definitionOf } from "lambda-release/release/definition/definition";
import { fingerprint } from "lambda-release/release/definition/fingerprint";
import { stageVariableOf } from "lambda-release/release/definition/stage-variable";
import { defaultSettings } from "lambda-release/release/functions/function-settings";
import { Percent } from "lambda-release/release/percent";

export interface HelloStackProps {
  /** The function's code in S3: the id of the object's version, by the name of the release version. */
  readonly code: Readonly<Record<"v1" | "v2", string>>;
  /** Share of the requests that v2 serves, 0 to 100. @default - no canary, v1 serves all */
  readonly percent?: number;
}

/** A function in two versions behind one stage, without a release file. */
export class HelloStack extends TerraformStack {
  constructor(scope: Construct, { code, percent }: HelloStackProps) {
    super(scope, "hello");
    new AwsProvider(this, "aws", { region: "eu-central-1" });
    new ArchiveProvider(this, "archive");
    const target = new AwsTarget(this, "target");
    // One route: GET /, to the function `hello`.
    const definition = definitionOf(undefined, "hello");
    const api = new ServiceApi(this, "api", {
      name: "hello",
      definition,
      integrationUri: (stageVariable) => stageVariableUri(target, stageVariable),
    });
    const published = (name: "v1" | "v2") => {
      const awsName = `hello-${name}`;
      return new PublishedVersion(this, name, {
        api,
        version: {
          name,
          fingerprint: fingerprint(definition),
          functions: [
            {
              name: "hello",
              stageVariable: stageVariableOf("hello"),
              aliasVariable: "alias",
              awsName,
              ownName: awsName,
              adopted: false,
              role: { name: awsName },
              settings: { ...defaultSettings, runtime: "nodejs22.x", memoryMb: 256 },
              source: {
                language: "stored",
                bucket: "example-code",
                key: "hello.zip",
                versionId: code[name],
                handler: "hello.handler",
              },
            },
          ],
        },
      });
    };
    const [stable, canary] = [published("v1"), published("v2")];
    const stage = new ApiStage(this, "stage", {
      name: "hello",
      api,
      stage: {
        name: "live",
        throttling: { rateLimit: 100, burstLimit: 50 },
        tracing: false,
        accessLogs: false,
        executionLogs: "off",
        detailedMetrics: false,
        logRetentionDays: 14,
        variables: {},
      },
      stable,
      canary: percent === undefined ? undefined : { version: canary, percent: Percent.of(percent) },
    });
    new TerraformOutput(this, "url", { value: stage.url });
  }
}
