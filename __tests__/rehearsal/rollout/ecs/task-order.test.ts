import { join } from "node:path";
import { taskOrder } from "../../../../src/rehearsal/rollout/ecs/task-order";
import { createProject } from "../../../support/project";

/** What a task runs whose definition and Dockerfile say this. */
function commandOf(given: object, dockerfile: string): readonly string[] {
  const project = createProject({ "containers/web/Dockerfile": dockerfile });
  const definition = { version: "v1", arn: "task-definition/v1:1", containers: [{ name: "web", ...given }] };
  const folder = join(project, "containers/web");
  return taskOrder({ definition, containerName: "web", folder, healthPath: "/" }).command;
}

test.each<[string, object, string, string[]]>([
  ["what the image says", {}, 'ENTRYPOINT ["node"]\nCMD ["a.js"]', ["node", "a.js"]],
  ["an entry point alone", {}, 'ENTRYPOINT ["node", "a.js"]', ["node", "a.js"]],
  [
    "another command after the image's entry point",
    { command: ["b.js"] },
    'ENTRYPOINT ["node"]\nCMD ["a.js"]',
    ["node", "b.js"],
  ],
  [
    "another entry point without the image's command",
    { entryPoint: ["sh"] },
    'ENTRYPOINT ["node"]\nCMD ["a.js"]',
    ["sh"],
  ],
])("a task runs %s", (_, given, dockerfile, expected) => {
  expect(commandOf(given, dockerfile)).toEqual(expected);
});

test.each(["FROM node", 'ENTRYPOINT exec node\nCMD ["a.js"]', "CMD node a.js"])(
  "what a shell of the image would run is refused: %j",
  (dockerfile) => {
    expect(() => commandOf({}, dockerfile)).toThrow(
      'containers/web/Dockerfile must have a CMD that is a list, such as ["node", "server.js"], and no ENTRYPOINT that is a text',
    );
  },
);
