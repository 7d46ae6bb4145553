import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TestEnvironment } from "jest-environment-node";

/**
 * Jest's for Node, where each test file has a temporary directory of its own, for itself and the processes that it
 * starts. It is gone at the file's end, after all its `afterAll`; an `exit` of the process never comes to a test.
 */
export default class OwnTemporaryDirectory extends TestEnvironment {
  private readonly before = process.env["TMPDIR"];
  private folder = "";

  override async setup(): Promise<void> {
    await super.setup();
    this.folder = mkdtempSync(join(tmpdir(), "lambda-release-tests-"));
    // What a test sees is a copy, and what Node's own modules see is not.
    for (const { env } of [process, this.global.process]) env["TMPDIR"] = this.folder;
  }

  override async teardown(): Promise<void> {
    if (this.before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = this.before;
    try {
      rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
    } catch {
      // A process that is about to end still writes there: no reason for tests to fail.
    }
    await super.teardown();
  }
}
