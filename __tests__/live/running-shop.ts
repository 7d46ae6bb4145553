import { createHash } from "node:crypto";
import { zipSync } from "fflate";
import { liveStatus } from "../../src/live/live-release";
import type { Release } from "../../src/release/release";
import { packageHandlers } from "../../src/synth/handler-files";
import { createProject, type Files } from "../support/project";
import { type AnsweringEndpoint, accountId, type Table } from "./answering-endpoint";
import { readShop } from "./shop-context";

const functions = "/2015-03-31/functions";

/** A shop of these files, with what its live status needs. */
export interface RunningShop {
  readonly project: string;
  readonly release: Release;
  readonly packageTree: () => ReturnType<typeof packageHandlers>;
  /** What Lambda answers where it runs the code of the files, but for what is changed: by function, path and content. */
  running(changes?: Readonly<Record<string, Readonly<Record<string, string | undefined>>>>): Promise<Table>;
}

export function runningShop(files: Files): RunningShop {
  const project = createProject(files);
  const release = readShop(project);
  const packageTree = () => packageHandlers(project, [release]);
  return {
    project,
    release,
    packageTree,
    running: async (changes = {}) => {
      const { packages } = await packageTree();
      return Object.assign(
        {},
        ...[...packages].map(([awsName, content]) => {
          const all = { ...Object.fromEntries(content), ...bytes(changes[awsName] ?? {}) };
          const there = Object.entries(all).filter(
            (file): file is [string, Uint8Array] => file[1] !== undefined,
          );
          return runs(awsName, zipSync(Object.fromEntries(there)));
        }),
      );
    },
  };
}

function bytes(files: Readonly<Record<string, string | undefined>>): Record<string, Uint8Array | undefined> {
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [path, text === undefined ? text : Buffer.from(text)]),
  );
}

/** What AWS answers of a function that runs this package. */
export function runs(awsName: string, zip: Uint8Array): Table {
  const path = `/code/${awsName}`;
  return {
    [`GET ${functions}/${awsName}`]: {
      body: {
        Configuration: { CodeSha256: digestOf(zip) },
        Code: { RepositoryType: "S3", Location: `${process.env["AWS_ENDPOINT_URL"]}${path}` },
      },
    },
    [`GET ${path}`]: { body: zip },
  };
}

/** As Lambda gives it. */
export function digestOf(zip: Uint8Array): string {
  return createHash("sha256").update(zip).digest("base64");
}

/** The address that API Gateway exports of a stage variable's function, or of `<function>:<variable>`. */
export function lambdaUri(stageVariable: string, functionName = ""): string {
  const name = `${functionName}${functionName === "" ? "" : ":"}\${stageVariables.${stageVariable}}`;
  const arn = `arn:aws:lambda:eu-central-1:${accountId}:function:${name}`;
  return `arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/${arn}/invocations`;
}

/**
 * A method as API Gateway exports it: what was not given and has a default is left out or given, and keys have
 * another order than in what it was given.
 */
export function exportedMethod(uri: string, more: object = {}): object {
  return {
    responses: { "200": { description: "200 response", content: {} } },
    ...more,
    "x-amazon-apigateway-integration": {
      httpMethod: "POST",
      uri,
      passthroughBehavior: "when_no_match",
      timeoutInMillis: 29000,
      type: "aws_proxy",
    },
  };
}

/** What API Gateway exports of a stage. */
export function exported(paths: object, securitySchemes?: object, stage = "dev"): Table {
  return {
    [`GET /restapis/abc/stages/${stage}/exports/oas30`]: {
      body: {
        openapi: "3.0.1",
        info: { title: "shop-dev", version: "2026-11-21T19:04:05Z" },
        servers: [
          {
            url: "https://abc.execute-api.eu-central-1.amazonaws.com/{basePath}",
            variables: { basePath: { default: stage } },
          },
        ],
        paths,
        components: securitySchemes === undefined ? {} : { securitySchemes },
      },
    },
  };
}

/** The export of a shop without an `api` block. */
export const plainExport = exported({ "/": { get: exportedMethod(lambdaUri("shopFunction")) } });

export const deployment = (id: string, description: string) => ({ id, description, createdDate: 1 });

/** The shop's API, with a stage and its deployments. */
export function api(stage: object, deployments: readonly object[]): Table {
  return {
    "GET /restapis": { body: { item: [{ id: "abc", name: "shop-dev" }] } },
    "GET /restapis/abc/deployments": { body: { item: deployments } },
    "GET /restapis/abc/stages/dev": { body: { stageName: "dev", ...stage } },
  };
}

export const bothVersions = [deployment("d1", "v1"), deployment("d2", "v2")];
export const onV1 = { deploymentId: "d1", variables: { shopFunction: "shop-dev-v1" } };

/** A canary stage whose v1 serves everybody, and one whose v2 has 10 percent. */
export const stable = api(onV1, bothVersions);
export const split = api(
  {
    ...onV1,
    canarySettings: {
      percentTraffic: 10,
      deploymentId: "d2",
      stageVariableOverrides: { shopFunction: "shop-dev-v2" },
    },
  },
  bothVersions,
);

export const denied = { status: 403, error: "AccessDeniedException", body: { message: "not yours" } };

/** Where nothing differs and all is compared. */
export const same = { differences: [], unknown: [], troubles: [] };

/** How AWS, as these tables answer, differs from the files, and what is not compared. */
export async function found(aws: AnsweringEndpoint, one: RunningShop, ...tables: readonly Table[]) {
  aws.set(Object.assign({}, ...tables));
  const { differences, unknown, troubles } = await liveStatus(one.release, one.packageTree);
  expect(aws.changes).toEqual([]);
  return { differences, unknown, troubles };
}
