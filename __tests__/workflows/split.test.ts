import { checkSplit } from "../../workflows/split";
import { shop as oneFunction } from "../e2e/lambda-versions";
import { contextOf } from "../live/shop-context";

test("a service whose traffic CodeDeploy moves is not held against its file", () => {
  const told = jest.spyOn(console, "log").mockImplementation();
  const files = oneFunction("codedeploy-alias", "code", { versions: [1, 2], canary: { version: 2 } });
  const read = {
    context: contextOf(files),
    files: { read: () => undefined, entries: () => ({ files: [], folders: [] }) },
  };
  expect(checkSplit({ ...read, project: "nowhere", path: "", text: "", name: "dev/shop" }, 100)).toBe(true);
  expect(told.mock.calls).toEqual([
    ["dev/shop: not called, for CodeDeploy moves the traffic, and the file does not know how far"],
  ]);
});
