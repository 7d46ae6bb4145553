import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dashboardPicture, exampleDashboard } from "../../scripts/dashboard-picture";
import { apiOf } from "../../src/rehearsal/api-gateway/stage";
import { picture } from "../../src/rehearsal/picture";
import { plotSvg } from "../../src/rehearsal/rollout/plot-svg";
import { versionNames } from "../../src/rehearsal/split";
import { AppliedState } from "../../src/rehearsal/terraform/applied-state";
import { readConfiguration } from "../../src/rehearsal/terraform/configuration";
import { projectFolder } from "../support/command";
import { synthesizeProject, temporaryFolder } from "../support/project";

test("the README's picture is that of the example's stack: npm run generate writes it", async () => {
  const outdir = await synthesizeProject(projectFolder, join(temporaryFolder(), "cdktf.out"));
  const { state } = AppliedState.empty.apply(
    readConfiguration(join(outdir, "stacks/greeting-dev/cdk.tf.json")),
  );
  const functions = { v1: { greeting: "greeting-dev-v1" }, v2: { greeting: "greeting-dev-v2" } };
  const drawn = picture(apiOf(state), versionNames(functions));
  expect(drawn).toBe(readFileSync(join(projectFolder, "docs/greeting-dev.svg"), "utf8"));
  expect(drawn).toContain(">stable: v1</text>");
  expect(drawn).toContain(">canary: v2</text>");
  expect(drawn).toContain(
    "<title>90 % of the requests to v1 (stable), 10 % of the requests to v2 (canary)</title>",
  );
});

test("the picture of the dashboard is that of the example's stack: npm run generate writes it", async () => {
  const svg = dashboardPicture(await exampleDashboard(projectFolder), "greeting-dev");
  expect(svg).toBe(readFileSync(join(projectFolder, "docs/dashboard.svg"), "utf8"));
  expect(svg).toContain(">Requests per minute</text>");
  expect(svg).toContain(">greeting-dev-canary-answers: OK</text>");
});

const drawn = {
  dashboard: readFileSync(join(projectFolder, "docs/dashboard.svg"), "utf8"),
  stage: readFileSync(join(projectFolder, "docs/greeting-dev.svg"), "utf8"),
  shift: plotSvg({ failures: [], shares: [], version: "2" }, "checkout-dev: 1 to 2"),
};

describe.each(Object.entries(drawn))("the picture of a %s", (_, svg) => {
  const [light = "", dark = ""] = svg.split("@media (prefers-color-scheme: dark)");

  test("gives each of its classes a colour in both themes", () => {
    const classes = [...svg.matchAll(/class="([a-z ]+)"/g)].flatMap(([, names = ""]) => names.split(" "));
    for (const name of classes) {
      expect(light).toContain(`\n.${name} {`);
      expect(dark).toContain(`\n.${name} {`);
    }
    expect(svg).not.toMatch(/(fill|stroke)="#/);
  });

  // https://www.w3.org/TR/WCAG21/#contrast-minimum
  test.each([
    ["light", light],
    ["dark", dark],
  ])("has text that can be read on what is behind it in the %s theme", (_theme, rules) => {
    const behind = [".page", ".users", ".stage", ".stable", ".canary"].flatMap(
      (name) => fillOf(rules, name) ?? [],
    );
    for (const fill of behind) expect(contrast(fillOf(rules, "text") ?? "", fill)).toBeGreaterThan(4.5);
    expect(contrast(fillOf(rules, ".faint") ?? "", behind[0] ?? "")).toBeGreaterThan(4.5);
  });
});

function fillOf(rules: string, selector: string): string | undefined {
  return rules.split("\n").flatMap((line) => {
    const [, fill] = /fill: (#[0-9a-f]{6})/.exec(line) ?? [];
    return line.startsWith(`${selector} {`) && fill !== undefined ? [fill] : [];
  })[0];
}

function contrast(one: string, other: string): number {
  const [light = 1, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
