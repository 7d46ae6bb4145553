import { join } from "node:path";
import { ExampleProject } from "../examples/example-project";
import { describeGo } from "../support/go";
import { temporaryFolder } from "../support/project";
import { describePlans, terraform } from "./describe-plans";
import { counts } from "./plan";

jest.setTimeout(600_000);

/** @param publishing what is added, changed and destroyed where the second version is published */
async function isReleased(service: string, publishing: readonly number[]): Promise<void> {
  const project = new ExampleProject(service);
  const folders = [await project.synthesize(join(temporaryFolder(), "first"))];
  const planned = async () => {
    folders.push(await project.synthesize(join(temporaryFolder(), "next")));
    return counts(await terraform().plan(folders.at(-1) as string, folders.slice(0, -1)));
  };
  const deployed: number[][] = [];
  await project.publish(async () => deployed.push(await planned()));
  // Where Lambda keeps the versions, the function is changed, and no pointer.
  expect(deployed).toEqual(project.second === "2" ? [[0, 1, 0]] : []);
  const published = await planned();
  await project.run("start", project.second, "--percent", "10");
  const begun = await planned();
  await project.run("promote");
  const promoted = await planned();
  await project.run("rollback");
  const back = await planned();
  const step = [0, 1, 0];
  expect({ published, begun, promoted, back }).toEqual({
    published: publishing,
    begun: step,
    promoted: step,
    back: step,
  });
}

describePlans("a service of examples/ is released by the verbs:", () => {
  test.each([
    // The definition is put anew, which deletes nothing.
    ["openapi", "its document changes, and it has API keys", [7, 0, 1]],
    ["authorizer", "its authorizer is published with it", [11, 0, 0]],
    ["dynamodb", "its permission is published with it", [6, 0, 0]],
    ["express", "each version has packages of its own", [6, 0, 0]],
    ["powertools", "it is traced", [6, 0, 0]],
    ["python", "it has two functions", [11, 0, 0]],
    ["esm", "a file stands beside it", [6, 0, 0]],
    ["queue", "its code is published by Lambda, and then named by the file", [0, 0, 0]],
  ])("%s: %s; publishing moves nobody, and each step is one change", (service, _, publishing) =>
    isReleased(service, publishing),
  );

  describeGo("built elsewhere:", () => {
    test("go: publishing adds, and each step is one change", () => isReleased("go", [6, 0, 0]));
  });
});
