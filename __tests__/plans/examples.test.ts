import { join } from "node:path";
import { ExampleProject } from "../examples/example-project";
import { temporaryFolder } from "../support/project";
import { describePlans, terraform } from "./describe-plans";
import { counts } from "./plan";

describePlans("a service of examples/ is released by the verbs:", () => {
  test.each([
    // The definition is put anew, which deletes nothing.
    ["openapi", "its document changes, and it has API keys", [7, 0, 1]],
    ["authorizer", "its authorizer is published with it", [11, 0, 0]],
    ["dynamodb", "its permission is published with it", [6, 0, 0]],
  ])(
    "%s: %s; publishing adds, and each step is one change",
    async (service, _, publishing) => {
      const project = new ExampleProject(service);
      const folders = [await project.synthesize(join(temporaryFolder(), "first"))];
      const planned = async () => {
        folders.push(await project.synthesize(join(temporaryFolder(), "next")));
        return counts(await terraform().plan(folders.at(-1) as string, folders.slice(0, -1)));
      };
      await project.publish();
      const published = await planned();
      await project.run("start", "v2", "--percent", "10");
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
    },
    600_000,
  );
});
