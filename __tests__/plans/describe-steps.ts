import { releaseSteps } from "../support/release-steps";
import { shownTable, stepsTable, writeTable } from "../support/steps-table";
import { counts, plan } from "./plan";

/** With UPDATE_README the table is written, and otherwise compared. */
export function testSteps(stack: string): void {
  test("the README's table of steps says what the plans say", async () => {
    const steps = releaseSteps[stack] ?? [];
    const summaries = await Promise.all(
      steps.map(async ([, ...deployed]) => counts(await plan(...deployed))),
    );
    const table = stepsTable(stack, steps, summaries);
    if (process.env["UPDATE_README"] !== undefined) writeTable(stack, table);
    expect(shownTable(stack)).toBe(table);
  }, 600_000);
}
