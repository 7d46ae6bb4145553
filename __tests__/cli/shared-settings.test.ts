import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createProject, writeFiles } from "../support/project";
import { release } from "../support/release-command";

const file = "releases/dev/orders.json";

test("a service that 'new' made publishes and starts a version beside settings that all share", async () => {
  const folder = createProject({});
  const verb = async (...args: string[]) => {
    const { exitCode, stderr } = await release(folder, args);
    expect({ args, exitCode, stderr }).toEqual({ args, exitCode: 0, stderr: "" });
  };
  await verb("init", "--service", "dev/greeting", "--aws-provider", "5", ".");
  await verb("new", "dev/orders");
  const made = JSON.parse(readFileSync(join(folder, file), "utf8"));
  writeFiles(folder, { [file]: { ...made, settings: { memoryMb: 256 } } });
  cpSync(join(folder, "lambdas/orders/v1"), join(folder, "lambdas/orders/v2"), { recursive: true });
  await verb("publish", "dev/orders", "v2", "--yes");
  await verb("start", "dev/orders", "v2", "--yes");
  expect(JSON.parse(readFileSync(join(folder, file), "utf8"))).toMatchObject({
    stable: "v1",
    canary: { version: "v2", percent: 10 },
  });
});
