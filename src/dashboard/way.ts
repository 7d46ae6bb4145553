import { statSync } from "node:fs";
import { join, relative } from "node:path";
import { isServedByApi, type Release } from "../release/release";
import { standingOf } from "../release/steps/standing";
import { modelOf } from "../release/strategies/strategies";
import { inSeconds } from "../release/time";
import { trafficOf } from "../release/traffic";
import { sharesText } from "../review/pointer";
import { outputFolder } from "../synth/output-folder";
import type { PastState, Station } from "./service-state";

/** From the release file over the synthesized stack to the pointer that decides who serves. */
export function wayOf(project: string, path: string, release: Release, past: PastState): Station[] {
  return [fileStation(path, past), stackStation(project, path, release), pointerStation(release)];
}

function fileStation(where: string, { changes }: PastState): Station {
  const last = changes.at(-1);
  const what = "release file";
  if (last === undefined) return { what, where, told: "git records no change" };
  if (last.commit === undefined) return { what, where, told: "changed, not committed", needsCare: true };
  return { what, where, told: `${last.move}, commit ${last.commit}` };
}

function stackStation(project: string, path: string, { name }: Release): Station {
  const file = join(outputFolder(project), "stacks", name, "cdk.tf.json");
  const what = "synthesized stack";
  const where = relative(project, file);
  const [stack, source] = [timeOf(file), timeOf(join(project, path))];
  if (stack === undefined) return { what, where, told: "not synthesized on this machine" };
  const at = inSeconds(stack);
  if (source !== undefined && source > stack)
    return { what, where, told: `synthesized ${at}, before the file changed`, needsCare: true };
  return { what, where, told: `synthesized ${at}` };
}

function timeOf(file: string): Date | undefined {
  return statSync(file, { throwIfNoEntry: false })?.mtime;
}

function pointerStation(release: Release): Station {
  const { movedBy } = modelOf(release);
  const told = sharesText([...trafficOf(release)].filter(([, percent]) => percent > 0));
  if (movedBy === "stage") {
    const stage = isServedByApi(release) ? release.stage.name : release.environment.name;
    return { what: "pointer", where: `API Gateway stage ${stage}`, told };
  }
  if (movedBy === "alias") return { what: "pointer", where: "Lambda alias live", told };
  const { canary, stable } = standingOf(release);
  const shifted = canary === undefined ? `${stable} serves` : `shifts ${stable} to ${canary.version}`;
  return movedBy === "ecs"
    ? { what: "pointer", where: `ECS service ${release.name}`, told: `ECS moves users to ${stable}` }
    : { what: "pointer", where: "CodeDeploy", told: shifted };
}
