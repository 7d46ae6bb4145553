import type { Environment } from "../environment/environment";
import type { FileAsGiven } from "../schema/release";

/** Whether a release has a dashboard in CloudWatch: by its file, else by its environment. The default is true. */
export function hasDashboard(
  file: Pick<FileAsGiven, "dashboard">,
  environment: Pick<Environment, "dashboard">,
): boolean {
  return file.dashboard ?? environment.dashboard ?? true;
}
