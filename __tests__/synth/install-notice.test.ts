import { delimiter } from "node:path";
import { bin, start } from "../support/command";
import { fakeCommands } from "../support/fake-commands";
import { installIn } from "../support/installed-project";
import { locked } from "../support/locked-packages";
import { createProject, shop, temporaryFolder } from "../support/project";

jest.setTimeout(60_000);

/** Synthesizes a project whose v2 has a lock file, where `npm ci` takes so many seconds. */
function synthesis(seconds: number) {
  const project = createProject({
    ...shop({}, locked("lambdas/shop/v2", "left-pad 1.3.0", "node-gyp-build 4.8.4")),
    "cdktf.json": { language: "typescript", app: "node -r lambda-release/launch main.ts" },
    "main.ts":
      'import { App } from "cdktf";\nimport { addReleases } from "lambda-release";\nconst app = new App();\naddReleases(app, __dirname).then(() => app.synth());\n',
  });
  installIn(project);
  const npm = fakeCommands({ npm: `mkdir node_modules; sleep ${seconds}` });
  return start(project, process.execPath, [bin, "synth"], {
    PATH: [npm.path, process.env["PATH"]].join(delimiter),
    XDG_CACHE_HOME: temporaryFolder(),
  });
}

const notice = "installing   2 npm packages for lambdas/shop/v2\n";

test("what takes long to install is told while it is installed, on stderr", async () => {
  const synth = synthesis(30);
  while (synth.printedErrors() === "") await new Promise((resolve) => setTimeout(resolve, 50));
  expect(synth.printedErrors()).toBe(notice);
  synth.signal("SIGTERM");
  expect(await synth.finished).toMatchObject({ stdout: "", stderr: notice });
});

test("what is installed at once is not told", async () => {
  expect(await synthesis(0).finished).toEqual({ exitCode: 0, stdout: "synthesized shop-dev\n", stderr: "" });
});
