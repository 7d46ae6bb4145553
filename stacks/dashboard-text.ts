import type { Release } from "../src/release/release";
import { modelOf } from "../src/release/strategies/strategies";

/** What a dashboard says of its release. It names no version: a step would change the dashboard with it. */
export function dashboardText(release: Release): string[] {
  const { service, environment, strategy } = release;
  const { trial } = modelOf(release);
  const name = `${environment.name}/${service}`;
  return [
    `Released by \`${strategy}\` of \`releases/${name}.json\``,
    "",
    `On trial: the version that the file calls \`${trial}\``,
    "",
    `Who serves: \`npx lambda-release status ${name} --live\``,
  ];
}
