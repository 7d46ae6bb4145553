import { appendFileSync } from "node:fs";
import { findProject, type ReadRelease, readRelease, Unable } from "../release/files/project";
import { filesOnDisk } from "../release/files/project-files";
import type { Release } from "../release/release";
import type { ServedNumbers } from "../release/served-numbers";
import { goesOnByItself } from "../release/steps/auto-steps";
import { Refusal } from "../release/verbs/transitions";
import { synthesize } from "../synth/synthesize";
import { codeBlock } from "../terminal/printable";
import { table } from "../terminal/table";
import { proposeSteps } from "../workflows/advance";
import { DeployFailed } from "../workflows/apply-in-order";
import { dropBlue, ownRange, recordVersion, useImage } from "../workflows/blue";
import { changedEnvironments } from "../workflows/changes";
import { type CommitOptions, commitRelease, pullRequestLink } from "../workflows/commit";
import { deployEnvironment, type Permission } from "../workflows/deploy";
import { driftLines, findDrift, isClean, reportDrift } from "../workflows/drift";
import { environmentsOf, matrixOf } from "../workflows/environments";
import { GitHub } from "../workflows/github";
import { pushImage } from "../workflows/image";
import { reviewEnvironment, summarize } from "../workflows/review";
import { commentOn } from "../workflows/review-comment";
import { reviewedPlans } from "../workflows/reviewed";
import { checkRunning } from "../workflows/running";
import { checkSplit } from "../workflows/split";
import { openStops } from "../workflows/stops";
import { StackFolder } from "../workflows/terraform";
import { headerOf, headersOf } from "./header-option";
import { several, whole, yesOrNo } from "./options";
import { suggestions } from "./suggestions";
import type { Cli } from "./verb";

/** What the workflows of .github/workflows do, a verb for each step: so each also runs on any machine. */
export function addWorkflowVerbs({ program, now, end }: Cli): void {
  program
    .command("environments")
    .description("list the environments and their stacks, or only those that a change affects")
    .option("--base <git ref>", "only those that differ from that commit")
    .option("--planned", "only those whose state is in a bucket", false)
    .option("--guarded", "only those with a service that has a guard", false)
    .option("--auto", "only those with a service whose steps may continue without a person", false)
    .option("--only <environment>", "only this environment, which must exist")
    .action(({ base, planned, guarded, auto, only }) => {
      const all =
        base === undefined ? environmentsOf(findProject()) : changedEnvironments(findProject(), base);
      const environments = all.filter(
        ({ name, isPlanned, stacks }) =>
          (isPlanned || !planned) &&
          (!guarded || stacks.some(({ release }) => release?.guard !== undefined)) &&
          (!auto || stacks.some(({ release }) => release !== undefined && goesOnByItself(release))) &&
          name === (only ?? name),
      );
      if (only !== undefined && environments.length === 0)
        throw new Unable(`there is no environment '${only}'${planned ? " whose state is in a bucket" : ""}`);
      writeOutput("environments", JSON.stringify(matrixOf(environments)));
      const rows = environments.map(({ name, region, isPlanned, stacks }) => [
        name,
        region,
        isPlanned ? "S3" : "local",
        stacks.map((stack) => stack.name).join(", "),
      ]);
      console.log(table(["environment", "region", "state", "stacks"], rows));
    });

  program
    .command("review")
    .description("plan what a change does to an environment, and review the plans")
    .argument("<environment>")
    .requiredOption("--base <git ref>", "the commit that is live")
    .option(
      "--plans <true or false>",
      "plan the changed stacks; with false, review only files",
      yesOrNo,
      true,
    )
    .option("--skip <true or false>", "allow to skip a step, or its bake time", yesOrNo, false)
    .option("--out <folder>", "where to write the review and what the plans do", "review")
    .action(async (environment, options) => {
      end((await reviewEnvironment(findProject(), environment, options)) ? 0 : 1);
    });

  program
    .command("comment")
    .description("write the reviews into the pull request's one comment, and set its labels")
    .argument("<pull request>", "its number", whole(1, 2 ** 31))
    .argument("<folder>", "the folder with the reviews")
    .requiredOption(
      "--environments <json>",
      "those that the pull request changes, as the verb 'environments' prints them",
      namesOf,
    )
    .action((pullRequest, folder, { environments }) => {
      const known = filesOnDisk(findProject()).entries("releases").folders;
      return commentOn(GitHub.ofRun(), { pullRequest, folder, environments, known });
    });

  program
    .command("deploy")
    .description("plan again, and apply it if it was reviewed")
    .argument("<environment>")
    .option("--commit <sha>", "the merged commit: apply only what its pull request's review planned")
    .option("--accept <digest>", "apply exactly these plans: the digest that a refused deploy printed")
    .option("--base <git ref>", "apply only what the review explains by the change since that commit")
    .option("--only <service>", "one service (default: all)")
    .option(
      "--former <commit>",
      "the commit that a train returns to on failure (default: the base, or the commit before)",
    )
    .option(
      "--ignore-alarms <true or false>",
      "give a version on trial more users while an alarm is in ALARM",
      yesOrNo,
      false,
    )
    .option(
      "--skip-verdict <true or false>",
      "give a version on trial more users without the verdict that its step waits for",
      yesOrNo,
      false,
    )
    .action(async (environment, { only, ignoreAlarms, skipVerdict, former, ...options }) => {
      const permission = await permissionOf(environment, options);
      const given = {
        only,
        ignoreAlarms,
        skipVerdict,
        former: former || undefined,
        told: {
          commit: options.commit,
          github: () => GitHub.ofRun(),
          next: (release: Release) => suggestions(release, new Date())[0]?.command,
        },
      };
      try {
        const services = await deployEnvironment(findProject(), environment, permission, given);
        writeOutput("deployed", services.join(","));
      } catch (error) {
        // What is live of it is looked at all the same.
        if (error instanceof DeployFailed) writeOutput("deployed", error.deployed.join(","));
        throw error;
      }
    });

  program
    .command("check-split")
    .description("call deployed services, and compare which version answers with their files")
    .argument("<environment>")
    .argument("<services>", "their names, joined by commas")
    .option("--requests <count>", "requests to send to each", whole(1, 1_000_000), 200)
    .option("--header <header>", "send 'Name: value' with each request; once for each", several(headerOf))
    .action(async (environment, services: string, { requests, header }) => {
      const results: boolean[] = [];
      const troubles: string[] = [];
      for (const service of namesIn(services)) {
        try {
          const read = readRelease(`${environment}/${service}`);
          results.push(await checkSplit(read, requests, headersOf(header)));
        } catch (error) {
          if (!(error instanceof Unable)) throw error;
          troubles.push(error.message);
        }
      }
      if (results.includes(false))
        throw new Refusal(["the split is not what the file says", ...troubles].join("\n"));
      if (troubles.length > 0) throw new Unable(...troubles);
    });

  program
    .command("check-running")
    .description("compare what AWS serves and runs for deployed services with their files")
    .argument("<environment>")
    .argument("<services>", "their names, joined by commas")
    .action(async (environment, services: string) => {
      const reads = namesIn(services).map((service) => readRelease(`${environment}/${service}`));
      if (!(await checkRunning(reads)))
        throw new Refusal(
          "AWS does not serve or run what the files say: 'When AWS runs something else' in docs/operating.md shows " +
            "how to put it back",
        );
    });

  program
    .command("drift")
    .description("plan every stack of an environment, and compare what AWS serves and runs with the files")
    .argument("<environment>")
    .option("--out <folder>", "where to write the findings", "drift")
    .action(async (environment, { out }) => {
      const drift = await findDrift(findProject(), environment, out);
      const lines = driftLines(drift).join("\n");
      console.log(lines);
      summarize(codeBlock(lines));
      if (!isClean(drift)) throw new Refusal(`${environment} is not what the files say`);
    });

  program
    .command("drift-issue")
    .description("open or update the issue about drift, or close it")
    .argument("<folder>", "the folder with the findings")
    .requiredOption(
      "--environments <json>",
      "those that were checked, as the verb 'environments' prints them",
      namesOf,
    )
    .action(async (folder, { environments }) => {
      console.log(await reportDrift(GitHub.ofRun(), environments, folder));
    });

  program
    .command("stops")
    .description("open a pull request for each stop by a guard that a release file does not record yet")
    .argument("<environment>")
    .requiredOption("--from <branch>", "the branch that the files are of")
    .action(async (environment, { from }) => {
      const lines = await openStops(GitHub.ofRun(), findProject(), environment, from);
      if (lines.length === 0) console.log(`${environment}: nothing that the files give users was stopped`);
    });

  program
    .command("advance")
    .description(
      "open a pull request for each step that may continue without a person, and for the rollback of a version that is worse",
    )
    .argument("<environment>")
    .requiredOption("--from <branch>", "the branch that the files are of")
    .action(async (environment, { from }) => {
      const lines = await proposeSteps({
        github: GitHub.ofRun(),
        project: findProject(),
        environment,
        from,
        now,
      });
      if (lines.length === 0) console.log(`${environment}: no service has steps that go on by themselves`);
    });

  program
    .command("push-image")
    .description("build and push a service's container image, unless its repository has it")
    .argument("<service>", "<environment>/<service>")
    .requiredOption("--tag <commit>", "the image's tag")
    .action((service, { tag }) => {
      const image = pushImage(readRelease(service), tag);
      console.log(image);
      writeOutput("image", image);
    });

  program
    .command("use-image")
    .description("write a container image into the release file")
    .argument("<service>", "<environment>/<service>")
    .argument("<image>", "by its digest")
    .action((service, image) => useImage(readRelease(service), image));

  program
    .command("output")
    .description("print an output of a deployed service")
    .argument("<service>", "<environment>/<service>")
    .argument("<name>")
    .action((service, name) => console.log(outputOf(readRelease(service), name)));

  program
    .command("record-version")
    .description("record the version that Lambda published last in the release file")
    .argument("<service>", "<environment>/<service>")
    .action((service) => {
      const read = readRelease(service);
      const version = recordVersion(read, latestOf(read));
      console.log(`${service}: version ${version} is recorded`);
      writeOutput("version", version);
    });

  program
    .command("own-range")
    .description("print this machine's public address as a range for blue's 'sources'")
    .action(async () => {
      const range = await ownRange();
      console.log(range);
      writeOutput("range", range);
    });

  program
    .command("step")
    .description("apply a release file if the review explains its plan, and commit the file")
    .argument("<service>", "<environment>/<service>")
    .requiredOption("--message <text>", "what it does")
    .requiredOption("--branch <name>", "where the commit goes to")
    .action((service, options) => takeStep(service, options));

  program
    .command("remove-blue")
    .description("remove the stage blue, if it exists")
    .argument("<service>", "<environment>/<service>")
    .requiredOption("--branch <name>", "where the commit goes to")
    .action(async (service, { branch }) => {
      if (dropBlue(readRelease(service)))
        await takeStep(service, { message: `${service}: remove blue`, branch });
      else console.log(`${service} has no blue`);
    });

  program
    .command("commit")
    .description("commit a release file as it is here; in a workflow run, on GitHub too")
    .argument("<service>", "<environment>/<service>")
    .requiredOption("--message <text>", "what it does")
    .requiredOption("--branch <name>", "where it goes to")
    .option("--from <branch>", "start that branch there, for a pull request")
    .action(async (service, options) => {
      console.log(await commitRelease(readRelease(service), options));
      if (options.from === undefined) return;
      const link = pullRequestLink(options.from, options.branch);
      console.log(link);
      summarize(`[Open the pull request: ${options.message}](${link})`);
    });
}

/** Of environments, as the verb of that name gives them to later jobs. */
function namesOf(environments: string): string[] {
  try {
    return (JSON.parse(environments) as { name: string }[]).map(({ name }) => name);
  } catch {
    throw new Unable(
      `'--environments' must be what 'workflow environments' gives, got ${JSON.stringify(environments)}`,
    );
  }
}

function namesIn(services: string): string[] {
  return services.split(",").filter((service) => service !== "");
}

/** The numbers that Lambda gave last, by function. */
function latestOf(read: ReadRelease): ServedNumbers {
  const functions = "functions" in read.release ? read.release.functions : [];
  const [only, ...others] = functions;
  if (only?.name === read.release.service && others.length === 0)
    return { [only.name]: outputOf(read, "latest_version") };
  return JSON.parse(outputOf(read, "latest_versions")) as ServedNumbers;
}

function outputOf({ release, project }: ReadRelease, name: string): string {
  const stack = new StackFolder(project, release.name);
  stack.init();
  const value = stack.outputs()[name];
  if (value === undefined) throw new Unable(`${stack.stack} has no output '${name}'`);
  return typeof value === "string" ? value : JSON.stringify(value);
}

async function takeStep(name: string, options: CommitOptions): Promise<void> {
  const read = readRelease(name);
  const { service, environment } = read.release;
  synthesize(read.project);
  await deployEnvironment(read.project, environment.name, { base: "HEAD" }, { only: service });
  console.log(await commitRelease(read, options));
}

interface PermissionOptions {
  readonly commit?: string;
  readonly accept?: string;
  readonly base?: string;
}

/** An empty option is none: a workflow's input that nobody gave is that. */
async function permissionOf(environment: string, options: PermissionOptions): Promise<Permission> {
  if (options.accept) return { accepted: options.accept };
  if (options.base) return { base: options.base };
  if (options.commit) return { reviewed: await reviewedPlans(GitHub.ofRun(), options.commit, environment) };
  return { reviewed: {} };
}

/** For the steps and jobs of a workflow that come after this one. */
function writeOutput(name: string, value: string): void {
  const file = process.env["GITHUB_OUTPUT"];
  // Another line would be another output.
  if (/[\r\n]/.test(value))
    throw new Unable(`the output '${name}' must be one line, got ${JSON.stringify(value)}`);
  if (file !== undefined) appendFileSync(file, `${name}=${value}\n`);
}
