import { defaultPercent } from "../release/defaults";
import { ownFolder, type ReleaseContext, versionsInFile } from "../release/release-context";
import { bakesUntil, followingStep } from "../release/steps";
import { modelOf } from "../release/strategies/strategies";
import { canaryPercent } from "../release/traffic";
import { onTrial } from "../release/transitions";

/** A verb that the release allows as it stands. */
export interface Suggestion {
  /** `shift dev/greeting 25` */
  readonly command: string;
  readonly effect: string;
}

/** What can be done next, the most likely first. */
export function suggestions(context: ReleaseContext, now: Date): Suggestion[] {
  const { service, environment, file } = context;
  const name = `${environment.name}/${service}`;
  const all = onTrial(file) === undefined ? withoutTrial(context, name) : withTrial(context, name, now);
  const unnamed = unpointed(context);
  if (unnamed.length > 0) all.push({ command: `prune ${name}`, effect: `takes ${unnamed.join(", ")} away` });
  return all;
}

function withTrial({ file }: ReleaseContext, name: string, now: Date): Suggestion[] {
  const { canary, blue, stable } = file;
  const trial = canary?.version ?? blue?.version ?? "";
  const rollback = { command: `rollback ${name}`, effect: `drops ${trial}: ${stable} serves everybody` };
  const promote = { command: `promote ${name}`, effect: `${trial} serves everybody` };
  if (canary === undefined) return [promote, rollback];
  if (modelOf(file).movedBy === "codedeploy") {
    const rollout = { command: `rollout ${name}`, effect: `has CodeDeploy shift to ${trial}` };
    return [rollout, promote, rollback];
  }
  const following = followingStep(file);
  if (following === undefined)
    return [
      {
        command: `shift ${name} <percent>`,
        effect: `gives ${trial} another share than ${canaryPercent(file)} %`,
      },
      promote,
      rollback,
    ];
  const effect = following === "promote" ? promote.effect : `gives ${trial} ${following} %`;
  return [{ command: `next ${name}`, effect: `${effect}${waiting(bakesUntil(file), now)}` }, rollback];
}

function waiting(until: Date | "unknown" | undefined, now: Date): string {
  if (until === undefined || until === "unknown" || until <= now) return "";
  const time = until.toISOString();
  const day = time.slice(0, 10) === now.toISOString().slice(0, 10) ? "" : `${time.slice(0, 10)} `;
  // Rounded up, so that the minute that is told is not too early.
  const minute = new Date(until.getTime() + 59_999).toISOString().slice(11, 16);
  return `, from ${day}${minute} UTC on`;
}

function withoutTrial(context: ReleaseContext, name: string): Suggestion[] {
  const { file } = context;
  const forward = [...unpublishedSuggestions(context, name), ...startSuggestions(file, name)];
  if (forward.length === 0)
    forward.push({
      command: `publish ${name} <version>${modelOf(file).versionKind === "container" ? " --image <uri>" : ""}`,
      effect: "makes the next version, at 0 %",
    });
  if (file.former === undefined) return forward;
  const back =
    modelOf(file).movedBy === "codedeploy"
      ? { command: `start ${name} ${file.former}`, effect: `goes back to ${file.former} by CodeDeploy` }
      : { command: `rollback ${name}`, effect: `${file.former} serves everybody again` };
  return [...forward, back];
}

function unpublishedSuggestions(context: ReleaseContext, name: string): Suggestion[] {
  return unpublished(context).map((version) => ({
    command: `publish ${name} ${version}`,
    effect: `makes ${version}, at 0 %`,
  }));
}

/** Versions that were published after stable. */
function startSuggestions(file: ReleaseContext["file"], name: string): Suggestion[] {
  const published = Object.keys(versionsInFile(file));
  const source = modelOf(file).trial === "blue" ? " --source <range>" : "";
  return published
    .slice(published.indexOf(file.stable) + 1)
    .filter((version) => version !== file.former)
    .map((version) => ({
      command: `start ${name} ${version}${source}`,
      effect: `tries ${version} ${firstShare(file)}`,
    }));
}

function firstShare(file: ReleaseContext["file"]): string {
  const { trial, movedBy } = modelOf(file);
  if (trial === "blue") return "behind blue";
  return movedBy === "codedeploy" ? "by CodeDeploy" : `at ${file.steps?.[0]?.percent ?? defaultPercent} %`;
}

/** Folders of code that no version has yet, of those that are named as later ones: what was pruned stays pruned. */
function unpublished({ file, handlerFiles }: ReleaseContext): string[] {
  if (modelOf(file).versionKind !== "functions") return [];
  const published = Object.keys(versionsInFile(file));
  const isLater = (folder: string) =>
    published.every((version) => folder.localeCompare(version, "en", { numeric: true }) > 0);
  return [...handlerFiles]
    .filter(([folder, files]) => folder !== ownFolder && files.length > 0 && isLater(folder))
    .map(([folder]) => folder);
}

/** Versions that neither a pointer nor a rollback would need, once a later one is stable. */
function unpointed({ file }: ReleaseContext): string[] {
  const published = Object.keys(versionsInFile(file));
  const pointed = [file.stable, file.former, file.canary?.version, file.blue?.version, file.preview?.version];
  const stable = published.indexOf(file.stable);
  return published.filter((version, index) => index < stable && !pointed.includes(version));
}
