import { counted } from "../release/counted";
import { printable } from "../terminal/printable";
import { codeSpan } from "./code-span";
import type { Finding } from "./finding";
import type { PublishedVersion, Review, ReviewedService } from "./reviewed-service";
import { versionText } from "./step";
import type { ReviewedTrain } from "./train";

/** The review as GitHub shows it, and as a terminal does. */
export function markdownOf(review: Omit<Review, "markdown">): string {
  const { base, services, findings, notes, hasPlans } = review;
  const parts = [
    "## Release review",
    ...(services.length === 0 ? [`No service differs from ${base}.`] : serviceSections(review, section)),
    ...(findings.length === 0 ? ["No findings."] : [list(counted(findings.length, "finding"), findings)]),
    ...(notes.length === 0 ? [] : [list(counted(notes.length, "note"), notes)]),
    ...(hasPlans || services.length === 0 ? [] : ["No plan was given: this review covers the files alone."]),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** A text for each service: that of a train's first one begins with a line for the train. */
export function serviceSections(
  { services, trains }: Pick<Review, "services" | "trains">,
  section: (service: ReviewedService) => string,
): string[] {
  return services.map((service, index) => {
    const train = trains.find(({ stacks }) => stacks.includes(service.stack));
    const isFirst = !services.slice(0, index).some(({ stack }) => train?.stacks.includes(stack));
    const lines = train !== undefined && isFirst ? [trainLine(train)] : [];
    return [...lines, section(service)].join("\n\n");
  });
}

function trainLine({ name, isAsOne, headline }: ReviewedTrain): string {
  return `**Train ${name}** ${isAsOne ? "moves as one" : "**does not move as one**"}: ${headline}`;
}

function section(service: ReviewedService): string {
  return [serviceSteps(service), ...service.published.map(differencesOf)].join("\n\n");
}

/** How many lines of a version's differences are told: the rest is what 'diff' is for. */
const mostDifferences = 20;

function differencesOf({ version, beside, differences }: PublishedVersion): string {
  const title = `**${versionText(version)} beside ${versionText(beside)}**, which is stable`;
  if (differences.length === 0) return `${title}: nothing differs that is compared`;
  return [title, "", differenceList(differences)].join("\n");
}

/** What two versions have otherwise, an item each. */
export function differenceList(differences: PublishedVersion["differences"]): string {
  const lines = differences
    .slice(0, mostDifferences)
    .map(
      ({ of, text, couldBreak }) =>
        `- ${of}: ${codeSpan(text)}${couldBreak ? " **a client could break**" : ""}`,
    );
  const more = differences.length - mostDifferences;
  return [...lines, ...(more > 0 ? [`- and ${more} more`] : [])].join("\n");
}

/** What becomes of a service: its headline, and a table of its steps. */
export function serviceSteps({ stack, headline, path, rows }: ReviewedService): string {
  const title = `**${stack}**: ${headline}`;
  if (rows.length === 0) return title;
  const lines = [
    ["step", `in ${codeSpan(path)}`, "in the plan"],
    ...rows.map(({ step, shownBy, planned }) => [
      step,
      codeSpan(shownBy),
      planned.map(codeSpan).join(", ") || "-",
    ]),
  ];
  return `${title}\n\n${tableOf(lines)}`;
}

/** A table whose columns line up also where nobody renders it. */
function tableOf([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(head), `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`, ...rows.map(line)].join(
    "\n",
  );
}

function list(title: string, findings: readonly Finding[]): string {
  return `**${title}**\n\n${findings.map(({ place, message }) => `- ${codeSpan(place)} ${printable(message)}`).join("\n")}`;
}
