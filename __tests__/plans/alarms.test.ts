import type { Files } from "../support/project";
import { greeting, quote, search } from "../support/release-steps";
import { describePlans } from "./describe-plans";
import { reviewOf } from "./describe-reviews";
import { plan, touchedNames } from "./plan";

/** The same deploy, where the file has these fields too. */
function withFields(files: Files, fields: object): Files {
  const entries = Object.entries(files).map(([path, content]) => [
    path,
    typeof content === "object" && "strategy" in content ? { ...content, ...fields } : content,
  ]);
  return Object.fromEntries(entries);
}

/** The same deploy, where the file has alarms. */
const watched = (files: Files) => withFields(files, { alarms: {} });

/** The same deploy, where the file has an alarm on what users see. Its dashboard is there by default. */
const measured = (files: Files) => withFields(files, { alarms: { answers: { percent: 5 } } });

const [first, published, ten] = [search.first, search.published, search.ten].map(watched) as [
  Files,
  Files,
  Files,
];
const alarm = "aws_cloudwatch_metric_alarm";

describePlans("alarms", () => {
  test("publishing aims those of an alias at the new version, and a shift is still one change", async () => {
    expect(touchedNames(await plan(first, published))).toEqual([
      `update ${alarm}.version-alarms_errors`,
      "update aws_lambda_function.function",
    ]);
    expect(touchedNames(await plan(first, published, ten))).toEqual(["update aws_lambda_alias.live"]);
  });

  test("a version brings its own where it has an alias of its own, and a shift is still one change", async () => {
    const [first, recorded, ten] = [quote.first, quote.recorded, quote.ten].map(watched) as [
      Files,
      Files,
      Files,
    ];
    expect(touchedNames(await plan(first, recorded))).toContain(`create ${alarm}.version_2_alarms_errors`);
    expect(touchedNames(await plan(first, recorded, ten))).toEqual([
      "update aws_api_gateway_stage.canary-stage",
    ]);
  });

  test("a version brings its own where it has functions of its own, and a shift is still one change", async () => {
    const { first, published, ten } = greeting;
    const [v1, v2, shifted] = [first, published, ten].map(watched) as [Files, Files, Files];
    expect(touchedNames(await plan(v1, v2))).toContain(`create ${alarm}.version_v2_greeting-alarms_errors`);
    expect(touchedNames(await plan(v1, v2, shifted))).toEqual(["update aws_api_gateway_stage.canary-stage"]);
  });

  test("measuring answers of a service that runs moves nobody, and a step is still one change", async () => {
    const { first, published, ten } = greeting;
    const [v1, v2, shifted] = [first, published, ten].map(measured) as [Files, Files, Files];
    const unmeasured = withFields(first, { dashboard: false });
    const adding = await plan(unmeasured, v1);
    expect(touchedNames(adding)).toEqual([
      "create aws_cloudwatch_dashboard.dashboard",
      ...["canary", "stable"].flatMap((role) =>
        ["4xx", "5xx", "latency", "requests"].map(
          (count) => `create aws_cloudwatch_log_metric_filter.access-metrics_${role}-${count}`,
        ),
      ),
      `create ${alarm}.canary-alarms_answers`,
      `create ${alarm}.version_v1_greeting-alarms_errors`,
    ]);
    expect((await reviewOf([unmeasured, v1])).findings).toEqual([]);

    const publishing = touchedNames(await plan(v1, v2));
    expect(publishing.filter((one) => one.startsWith("update"))).toEqual([
      "update aws_cloudwatch_dashboard.dashboard",
    ]);
    expect((await reviewOf([v1, v2])).findings).toEqual([]);
    expect(touchedNames(await plan(v1, v2, shifted))).toEqual(["update aws_api_gateway_stage.canary-stage"]);
  });

  test("publishing aims an alarm on the answers of an alias at the new version, and a shift is one change", async () => {
    const [v1, v2, shifted] = [search.first, search.published, search.ten].map(measured) as [
      Files,
      Files,
      Files,
    ];
    expect(touchedNames(await plan(v1, v2))).toEqual([
      `update ${alarm}.stage-alarms_answers`,
      `update ${alarm}.version-alarms_errors`,
      "update aws_lambda_function.function",
    ]);
    expect((await reviewOf([v1, v2])).findings).toEqual([]);
    expect(touchedNames(await plan(v1, v2, shifted))).toEqual(["update aws_lambda_alias.live"]);
  });

  test("taking them out of the file takes them away, also from the dashboard, and nothing else", async () => {
    expect(touchedNames(await plan(first, search.first))).toEqual([
      `delete ${alarm}.alias-alarms_errors`,
      `delete ${alarm}.version-alarms_errors`,
      "update aws_cloudwatch_dashboard.dashboard",
    ]);
  });
});
