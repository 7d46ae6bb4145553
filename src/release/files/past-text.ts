import type { Definition } from "../definition/definition";
import { definitionInFile, hasApi } from "../functions/service-functions";
import type { Release } from "../release";
import type { Traffic } from "../split";
import type { Standing } from "../steps/standing";
import { trafficInFile } from "../traffic";
import { readService, releasePath } from "./file";
import { type ProjectFiles, withText } from "./project-files";

/** Who served by a release file as it once was. */
export interface PastRelease
  extends Pick<Release, "strategy">,
    Pick<Standing, "stable" | "former" | "canary" | "blue"> {
  /** All that were published, in their order. */
  readonly versions: readonly string[];
  /** Shares by version. */
  readonly traffic: Traffic;
}

/**
 * What an earlier text of a release file says of who serves. Code and environment are those of now: neither says who
 * serves.
 *
 * @returns nothing where this version of the package cannot read the text
 */
export function pastRelease(
  files: ProjectFiles,
  environment: string,
  service: string,
  text: string,
): PastRelease | undefined {
  const { context } = readService(
    withText(files, releasePath(environment, service), text),
    environment,
    service,
  );
  if (context === undefined) return undefined;
  const { strategy, stable, former, canary, blue } = context.file;
  const traffic = trafficInFile(context.file);
  return { strategy, stable, former, canary, blue, versions: [...traffic.keys()], traffic };
}

/**
 * The API definition that a project's files give.
 *
 * @returns nothing where they cannot be read, or there is no API
 */
export function definitionIn(
  files: ProjectFiles,
  environment: string,
  service: string,
): Definition | undefined {
  const { context } = readService(files, environment, service);
  return context === undefined || !hasApi(context.file) ? undefined : definitionInFile(context);
}
