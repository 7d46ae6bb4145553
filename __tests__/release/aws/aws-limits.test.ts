import { awsLimits, type LimitName } from "../../../src/release/aws/aws-limits";
import { readReleases } from "../../../src/release/files/file";
import { filesOnDisk } from "../../../src/release/files/project-files";
import { formatProblem } from "../../../src/release/problem";
import { limitCases } from "../../support/limit-cases";
import { createProject, type Files, synthesizeProject } from "../../support/project";

/** What a synthesis says of a project: nothing where it is good, or each problem in a line. */
async function refusals(files: Files): Promise<string[]> {
  const project = createProject(files);
  const { problems } = readReleases(filesOnDisk(project));
  if (problems.length > 0)
    return problems.map((one) => formatProblem({ ...one, file: "" }).replace(/^\S* /, ""));
  try {
    await synthesizeProject(project);
    return [];
  } catch (error) {
    return (error as Error).message.split("\n");
  }
}

describe.each(Object.keys(awsLimits) as LimitName[])("%s", (name) => {
  const { most } = awsLimits[name];
  const { project, refused } = limitCases[name];

  test("as many as AWS takes are synthesized", async () => {
    expect(await refusals(project(most))).toEqual([]);
  });

  test("one more is refused in a line", async () => {
    expect((await refusals(project(most + 1))).map((line) => line.slice(0, refused.length))).toEqual([
      refused,
    ]);
  });
});
