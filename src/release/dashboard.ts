import type { Environment } from "./environment";
import type { FileAsGiven } from "./schema/release";

/** Whether a release has a dashboard in CloudWatch: its file says so, else its environment. By default it has one. */
export function hasDashboard(
  file: Pick<FileAsGiven, "dashboard">,
  environment: Pick<Environment, "dashboard">,
): boolean {
  return file.dashboard ?? environment.dashboard ?? true;
}
