import { ecsHook } from "lambda-release/hooks";

/** When the test port leads to the new tasks: they must answer `GET /`. */
export const handler = ecsHook(async () => {
  const { status } = await fetch(`${process.env["TEST_ENDPOINT"]}/`);
  if (status !== 200) throw new Error(`the test port answers ${status}`);
});
