import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import type { Files } from "../support/project";
import { fingerprintOf, handler, plainFingerprint, shop } from "../support/shop";
import { canInstallArchiveProvider } from "../support/terraform-providers";
import { answers } from "./answers";
import { byHand } from "./by-hand";
import { DeployedProject } from "./deployed-project";
import { awsError, type Fault, FaultyEndpoint } from "./faulty-endpoint";
import { nothing, ShopAtEndpoint, shop as shopOf } from "./lambda-versions";
import { type LocalAws, startLocalAws } from "./local-aws";

jest.setTimeout(600_000);

const putRestApi = /^PUT \/restapis\/\w+\?/;
const updateStage = /^PATCH \/restapis\/\w+\/stages\/dev$/;
const updateCode = /^PUT \/2015-03-31\/functions\/[\w-]+\/code$/;
const publishVersion = /^POST \/2015-03-31\/functions\/[\w-]+\/versions$/;

let aws: LocalAws;
/** What Terraform calls; users call `aws` itself. */
let endpoint: FaultyEndpoint;
let project: DeployedProject;

beforeAll(async () => {
  aws = await startLocalAws();
  endpoint = await FaultyEndpoint.start(aws.endpoint);
  project = new DeployedProject(endpoint.endpoint, "shop-dev", canInstallArchiveProvider());
});
beforeEach(() => endpoint.mend());
afterAll(() => {
  endpoint?.stop();
  aws?.stop();
});

const denied = async () => awsError(403, "AccessDeniedException", "User is not authorized");

/** Has AWS refuse the first call of a kind, once. */
function refuseOnce(call: RegExp, refusal: Fault = denied): void {
  let refused = false;
  endpoint.spoil(call, async (forward) => {
    if (refused) return forward();
    refused = true;
    return refusal(forward);
  });
}

/** The output of a command that fails, without the frames and line breaks of Terraform's errors. */
async function failure(command: "deploy" | "diff"): Promise<string> {
  const { exitCode, stdout } = await project.attempt(command);
  expect(exitCode).not.toBe(0);
  return stripVTControlCharacters(stdout)
    .replace(/^[^\n]*│/gm, "")
    .replace(/\s+/g, " ");
}

/** Runs the command that a message tells, as somebody with the AWS CLI would. */
async function upload(message: string): Promise<void> {
  const [, name, zip, publish] =
    /aws lambda update-function-code --function-name (\S+) --zip-file fileb:\/\/(\S+?)( --publish)?'/.exec(
      message,
    ) ?? [];
  const code = readFileSync(join(project.stackFolder, String(zip)));
  await byHand(aws.endpoint, "lambda", "PUT", `/2015-03-31/functions/${name}/code`, {
    ZipFile: code.toString("base64"),
    Publish: publish !== undefined,
  });
}

async function codeInAws(name: string, qualifier: string): Promise<string> {
  const path = `/2015-03-31/functions/${name}/configuration?Qualifier=${encodeURIComponent(qualifier)}`;
  return ((await byHand(aws.endpoint, "lambda", "GET", path)) as { CodeSha256: string }).CodeSha256;
}

const recordedCode = (name: string) =>
  project.attributes("aws_lambda_function").find((one) => one["function_name"] === name)?.[
    "source_code_hash"
  ];

/** The steps follow one another: each begins with what the one before has left. */
describe("a canary stage after a call that failed", () => {
  const environment = { region: "eu-central-1", protect: true };
  /** `/v3` is a route that v3 brought. */
  const step = (versions: readonly string[], release: object, files: Files = {}) => {
    const paths = (count: number) => ["/", ...versions.slice(1, count).map((one) => `/${one}`)];
    const api = (count: number) => ({ routes: paths(count).map((path) => ({ path })) });
    const fingerprint = (index: number) => (index === 0 ? plainFingerprint : fingerprintOf(api(index + 1)));
    return shop(
      {
        versions: Object.fromEntries(
          versions.map((one, index) => [one, { fingerprint: fingerprint(index) }]),
        ),
        api: api(versions.length),
        ...release,
      },
      {
        "releases/dev/environment.json": environment,
        "lambdas/shop/v3/shop.ts": handler("v3"),
        "lambdas/shop/v4/shop.ts": handler("v4"),
        ...files,
      },
    );
  };

  test("a protected stage whose settings AWS refused when it was made is made by the same command", async () => {
    await project.write(step(["v1"], {}));
    refuseOnce(updateStage, async () =>
      awsError(
        400,
        "BadRequestException",
        "CloudWatch Logs role ARN must be set in account settings to enable logging",
      ),
    );
    expect(await failure("deploy")).toContain("CloudWatch Logs role ARN must be set");
    expect(await project.deploy()).toMatchObject({ destroy: 1 });
    const stage = await byHand(
      aws.endpoint,
      "apigateway",
      "GET",
      `/restapis/${project.output("api_id")}/stages/dev`,
    );
    expect(stage).toHaveProperty("accessLogSettings");
    expect(await project.diff()).toEqual(nothing);
  });

  test.each([
    ["is refused", ["v1", "v2"], () => refuseOnce(putRestApi)],
    [
      "breaks after AWS did it",
      ["v1", "v2", "v3"],
      () =>
        refuseOnce(putRestApi, async (forward) => {
          await forward();
          return denied();
        }),
    ],
  ] as const)("a definition whose put %s is put again before it is deployed", async (_, versions, spoil) => {
    const [newest = ""] = versions.slice(-1);
    await project.write(step(versions, {}));
    spoil();
    await failure("deploy");
    await project.deploy();
    expect(await project.diff()).toEqual(nothing);
    await project.write(step(versions, { stable: newest }));
    await project.deploy();
    expect(await answers(`${project.url}/${newest}`, 1)).toEqual({ [newest]: 1 });
  });

  test("a deploy that is killed while the definition is put leaves nothing out", async () => {
    const versions = ["v1", "v2", "v3", "v4"];
    await project.write(step(versions, { stable: "v3" }));
    const reached = new Promise<void>((resolve) => {
      endpoint.spoil(putRestApi, () => {
        resolve();
        return new Promise(() => {});
      });
    });
    const deploy = project.startDeploy();
    await reached;
    // What Terraform makes meanwhile must be in its state: a resource whose answer never came is in none.
    const made = /aws_lambda_function\.version_v4\S* ?[^\n]*: Creation complete/;
    while (!made.test(stripVTControlCharacters(deploy.printed()))) await setTimeout(100);
    await endpoint.untilQuiet(5_000);
    deploy.signal("SIGKILL");
    await deploy.finished;
    await endpoint.untilLeft();
    endpoint.mend();
    await project.deploy();
    await project.write(step(versions, { stable: "v4" }));
    await project.deploy();
    expect(await answers(`${project.url}/v4`, 1)).toEqual({ v4: 1 });
    expect(await project.diff()).toEqual(nothing);
  });

  const changed = { "lambdas/shop/v4/shop.ts": handler("v4 again") };
  const withChangedCode = step(["v1", "v2", "v3", "v4"], { stable: "v4" }, changed);

  test("code that AWS refused is no empty plan: it says how to upload it", async () => {
    await project.write(withChangedCode);
    refuseOnce(updateCode);
    await failure("deploy");
    const message = await failure("diff");
    expect(message).toContain("AWS does not have the code that Terraform has recorded of shop-dev-v4");
    await upload(message);
    expect(await project.diff()).toEqual(nothing);
    expect(await codeInAws("shop-dev-v4", "$LATEST")).toBe(recordedCode("shop-dev-v4"));
    expect(await answers(`${project.url}/`, 1)).toEqual({ "v4 again": 1 });
  });

  test("the next plan fails where somebody changed the code", async () => {
    const code = readFileSync(join(project.stackFolder, "packages/shop-dev-v1.zip")).toString("base64");
    await byHand(aws.endpoint, "lambda", "PUT", "/2015-03-31/functions/shop-dev-v4/code", { ZipFile: code });
    await upload(await failure("diff"));
    expect(await project.diff()).toEqual(nothing);
  });

  test("what is protected no longer is destroyed", async () => {
    const open = { "releases/dev/environment.json": { region: "eu-central-1" } };
    await project.write({ ...withChangedCode, ...open });
    await project.deploy();
    expect((await project.destroy()).destroy).toBeGreaterThan(0);
  });
});

describe("a function whose versions Lambda keeps, after a call that failed", () => {
  const release = (code: string, memoryMb: number, pointers: object) =>
    shopOf("weighted-alias", code, { settings: { memoryMb }, ...pointers });
  const first = { versions: [1] };

  test("a version that was not published ends each plan until it is", async () => {
    await project.write(release("first", 128, first));
    await project.deploy();
    await project.write(release("second", 128, first));
    refuseOnce(publishVersion);
    await failure("deploy");
    const message = await failure("diff");
    expect(message).toContain("code and settings that Terraform has recorded of shop-dev");
    await upload(message);
    await project.write(release("second", 128, { versions: [1, 2], stable: 2 }));
    expect(await project.deploy()).toMatchObject({ add: 0, destroy: 0 });
    expect(await codeInAws("shop-dev", "2")).toBe(recordedCode("shop-dev"));
    expect(await new ShopAtEndpoint(aws.endpoint, project).aliases()).toEqual({ live: { version: "2" } });
    expect(await project.diff()).toEqual(nothing);
  });

  test("a version with the code of the one before is given to nobody", async () => {
    const second = { versions: [1, 2], stable: 2 };
    await project.write(release("third", 128, second));
    refuseOnce(updateCode);
    await failure("deploy");
    // Another change of the function, which publishes what AWS has.
    await project.write(release("third", 256, { versions: [1, 2, 3], stable: 3 }));
    const message = await failure("deploy");
    expect(message).toContain("AWS does not have the code and settings");
    expect(await new ShopAtEndpoint(aws.endpoint, project).aliases()).toEqual({ live: { version: "2" } });
    await upload(message);
    await project.write(release("third", 256, { versions: [1, 2, 4], stable: 4 }));
    await project.deploy();
    expect(await codeInAws("shop-dev", "4")).toBe(recordedCode("shop-dev"));
    expect(await project.diff()).toEqual(nothing);
  });

  test("a version that was deleted is refused by the plan that names it", async () => {
    await byHand(aws.endpoint, "lambda", "DELETE", "/2015-03-31/functions/shop-dev?Qualifier=1");
    await project.write(
      release("third", 256, { versions: [1, 2, 4], stable: 4, canary: { version: 1, percent: 10 } }),
    );
    expect(await failure("diff")).toMatch(
      /version-1.*couldn't find resource|couldn't find resource.*version-1/,
    );
  });
});
