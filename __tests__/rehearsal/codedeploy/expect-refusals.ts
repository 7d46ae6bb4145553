import type { CodeDeployClient } from "@aws-sdk/client-codedeploy";

/** Expects each command to be refused with the code before it. */
export function expectRefusals(
  client: () => CodeDeployClient,
  rows: readonly (readonly [code: string, what: string, command: object])[],
): void {
  it.each(rows)("refuses with %s %s", async (code, _, command) => {
    await expect(client().send(command as never)).rejects.toMatchObject({
      name: code,
      $metadata: { httpStatusCode: 400 },
    });
  });
}
