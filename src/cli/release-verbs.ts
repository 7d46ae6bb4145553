import type { Command } from "commander";
import { readRelease } from "../release/files/project";
import { readTogether } from "../release/files/together";
import { ofContainers, strategiesThat } from "../release/strategies/strategies";
import { hold, release } from "../release/verbs/hold";
import { prune, publish } from "../release/verbs/publish";
import { hotfix, next, promote, rollback, shift, start, type Transition } from "../release/verbs/transitions";
import { helpAfter } from "../terminal/help";
import { applyTogether } from "./apply-together";
import { applyVerb, type WriteOptions } from "./apply-verb";
import { continueRollout } from "./continue";
import { list } from "./list";
import { pruneLive } from "./live";
import { lambdaVersion, percent, upTo } from "./options";
import { rollbackTogetherNow } from "./rollback-together";
import { rollout } from "./rollout";
import { status } from "./status";
import { sync } from "./sync";
import { liveTogether, trainStatus } from "./train-status";
import { type Cli, serviceArgument, servicesArgument } from "./verb";
import { pollOption, watchService } from "./watch";

const afterRollout =
  "Exit codes: 0 succeeded, 1 rolled back, failed or stopped, 2 could not start or be followed, 130 after Ctrl+C: the shift goes on.";
const afterContinue =
  "Exit codes: 0 it goes on, 2 nothing waits, or it could not; with --watch those of rollout.";

/** The verbs that read and edit release files, and those that move what AWS serves. */
export function addReleaseVerbs({ program, now, end }: Cli): void {
  program
    .command("status")
    .description("show who serves what, and what comes next")
    .argument("<service>", serviceArgument)
    .option("--live", "beside what AWS does: exit code 1 where that differs", false)
    .option("--watch", "the same as 'watch': a live view, until Ctrl+C", false)
    .option(...pollOption)
    .option("--json", "for scripts", false)
    .action(async (name, { json, live, watch, poll }) => {
      if (watch) return end(await watchService(name, { json, poll }));
      const together = readTogether([name]);
      const [only, ...others] = together.reads;
      if (live) {
        if (!(await liveTogether(together, json, now))) end(1);
      } else if (only !== undefined && others.length === 0) status(only, json, now);
      else trainStatus(together, json, now);
    });
  program
    .command("list")
    .description("list all services of an environment, and what is on trial for how long")
    .argument("[environment]", "such as dev: every one where none is given")
    .option("--json", "for scripts", false)
    .action((environment, { json }) => list(environment, json, now));

  verb(
    "publish",
    "record a version at 0 percent, with the fingerprint of its definition or its container image",
  )
    .argument("<version>", "its name, as its folder in lambdas/<service>/; or the number that Lambda gave it")
    .option("--image <uri>", `its container image, by its digest (${ofContainers})`)
    .option(
      "--lambda-version <function=number>",
      "where Lambda keeps the versions of several functions: the number of each, once for each",
      lambdaVersion,
    )
    .action((service, version, { image, lambdaVersion: lambdaVersions, ...options }) =>
      applyVerb(
        // A definition that no version records yet is a problem that publishing solves.
        readRelease(service, { tolerant: true }),
        (state) => publish(state, version, { image, lambdaVersions }),
        options,
        now,
      ),
    );
  forward("start", "put a published version on trial")
    .argument("<version>", "one of the published versions")
    .option("--percent <n>", "its share (default: the first step that the file plans, or 10)", percent)
    .option("--source <range...>", "addresses that may call blue, such as 203.0.113.0/24")
    .option("--replace", "take the place of the version on trial", false)
    .option("--skip", "begin beyond the first step that the file plans", false)
    .action((service, version, { percent, source: sources, replace, skip, ...options }) =>
      edit([service], options, (state) => start(state, version, { now, percent, sources, replace, skip })),
    );
  forward("shift", "give the canary another share")
    .argument("<percent>", "0 to 100", percent)
    .option("--skip", "skip a step, the rest of its bake time, or its verdict", false)
    .action((service, to, options) =>
      edit([service], options, (state) => shift(state, to, { now, skip: options.skip })),
    );
  forward("next", "go on to the step that the file plans next", "<services...>")
    .option("--skip", "skip the rest of the bake time, and the verdict that the step waits for", false)
    .action((services, options) =>
      edit(services, options, (state) => next(state, { now, skip: options.skip })),
    );
  forward("promote", "the version on trial serves everybody", "<services...>")
    .option("--skip", "skip steps, the rest of their bake time, or their verdict", false)
    .action((services, options) =>
      edit(services, options, (state) => promote(state, { now, skip: options.skip })),
    );
  verb(
    "hold",
    "keep the canary at its share until 'release': needs a reason, -m <why>",
    "<services...>",
  ).action((services, options) => edit(services, options, (state) => hold(state, options.message, now)));
  verb("release", "end a hold: the canary may get more users again", "<services...>").action(
    (services, options) => edit(services, options, release),
  );
  verb(
    "rollback",
    "drop the version on trial; without one, return to the former stable version",
    "<services...>",
  )
    .option(
      "--to <version>",
      "a published version that serves everybody then (default: stable, or the former one)",
    )
    .option("--now", "an emergency: move AWS itself, then write the file", false)
    .action((services, { now: isNow, to, ...options }) =>
      isNow
        ? rollbackTogetherNow(readTogether(services), { ...options, to }, now)
        : edit(services, options, (state) => rollback(state, { now, to })),
    );
  verb("sync", "write into the file what the guard or rollback --now stopped in AWS").action(
    (service, options) => sync(readRelease(service), options, now),
  );
  helpAfter(program.command("rollout"), afterRollout)
    .description(
      `shift users to the canary with CodeDeploy, and follow the shift (${strategiesThat(({ movedBy }) => movedBy === "codedeploy")}); for ${strategiesThat(({ movedBy }) => movedBy === "ecs")}: follow the shift that a deploy has started`,
    )
    .argument("<service>", serviceArgument)
    .option("--watch", "start nothing: follow the shift that was started last", false)
    .option("--stop", "stop the shift, and move users back", false)
    .option("--detach", "start it, and do not follow it", false)
    .option("--record", "write the end to the file: promoted, or the canary dropped", false)
    .option("--ignore-alarms", "shift while an alarm is in ALARM: no alarm stops it", false)
    .option("--poll <seconds>", "how often AWS is asked", upTo(3600, "a number of seconds"), 5)
    .option("--dry-run", "show what would be shifted, and start nothing", false)
    .option("--yes", "do not ask", false)
    .option("--json", "for scripts: one object, at the end", false)
    .action(async (service, options) => end(await rollout(readRelease(service), options, now)));
  helpAfter(program.command("continue"), afterContinue)
    .description(
      `continue a CodeDeploy deployment that waits for you: to move users, or to end old tasks (${ofContainers})`,
    )
    .argument("<service>", serviceArgument)
    .option("--watch", "follow it to the end", false)
    .option("--record", "with --watch: write the end to the file: promoted, or the canary dropped", false)
    .option("--poll <seconds>", "how often AWS is asked", upTo(3600, "a number of seconds"), 5)
    .option("--dry-run", "show what waits; continue nothing", false)
    .option("--yes", "do not ask", false)
    .option("--json", "for scripts: one object, at the end", false)
    .action(async (service, options) => end(await continueRollout(readRelease(service), options, now)));
  verb("hotfix", "replace stable with another version while the canary goes on")
    .argument("<version>", "one of the published versions")
    .action((service, version, options) =>
      edit([service], options, (state) => hotfix(state, version, { now })),
    );
  verb("prune", "remove versions that no pointer names")
    .argument("[versions...]", "those to take away (default: all that no pointer names, but the former one)")
    .option("--live", "delete Lambda versions that no alias names and the file does not list", false)
    .action(async (service, versions, { live, ...options }) =>
      live
        ? end((await pruneLive(readRelease(service), versions, options)) ? 0 : 2)
        : edit([service], options, (state) => prune(state, versions)),
    );

  /** A verb that edits the file of a service, or of each of several. */
  function verb(name: string, description: string, services = "<service>"): Command {
    return program
      .command(name)
      .description(description)
      .argument(services, services === "<service>" ? serviceArgument : servicesArgument)
      .option("-m, --message <why>", "why, for the commit message that the verb proposes")
      .option("--from <percent>", "fail unless this is the canary's share now (0 without a canary)", percent)
      .option("--dry-run", "show what would change, and write nothing", false)
      .option("--yes", "do not ask", false)
      .option("--json", "for scripts", false);
  }

  /** One that may give the version on trial more users. */
  function forward(name: string, description: string, services?: string): Command {
    return verb(name, description, services).option(
      "--ignore-alarms",
      "do not check the file's alarms in CloudWatch first",
      false,
    );
  }

  /** Each name may be that of a train. */
  function edit(names: readonly string[], options: WriteOptions, transition: Transition) {
    return applyTogether(readTogether(names), transition, options, now);
  }
}
