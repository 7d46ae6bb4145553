import { cpSync } from "node:fs";
import { carry, type Place } from "../examples/carry";
import { ExampleProject } from "../examples/example-project";
import { shapes } from "../examples/shapes";
import { describeGo } from "../support/go";
import { temporaryFolder } from "../support/project";
import { describePlans, terraform } from "./describe-plans";
import { counts } from "./plan";

jest.setTimeout(600_000);

/** Plans each step where those before it were applied. */
class Planned implements Place {
  private readonly applied: string[] = [];

  async apply({ stackFolder }: ExampleProject) {
    const folder = temporaryFolder();
    cpSync(stackFolder, folder, { recursive: true });
    const planned = await terraform().plan(folder, this.applied);
    this.applied.push(folder);
    const [add = 0, change = 0, destroy = 0] = counts(planned);
    return [add, change, destroy] as const;
  }
}

const isReleased = (service: string) => carry(new ExampleProject(service), new Planned());

describePlans("publishing moves nobody, and each step is one change:", () => {
  test.each(Object.keys(shapes).filter((service) => service !== "go"))("%s", isReleased);

  describeGo("built elsewhere:", () => {
    test("go", () => isReleased("go"));
  });
});
