import type { FieldPath } from "../problem";
import type { EnvironmentFile } from "../schema/environment";
import type { Finding } from "./finding";
import { foreignPartition } from "./permissions";

/** A topic may be of another region and account, but not of another partition: no credentials reach it. */
export function checkNotifications({ notifications, region }: EnvironmentFile): Finding[] {
  const topics = notifications?.topics ?? [];
  const field: FieldPath = ["notifications", "topics"];
  return topics.flatMap((topic, index) => foreignPartition([...field, index], topic, { region }));
}
