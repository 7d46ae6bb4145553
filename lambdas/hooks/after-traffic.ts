import { hook } from "lambda-release/hooks";

/** When the new version has all traffic: the public endpoint must answer `GET /`. */
export const handler = hook(async () => {
  const endpoint = process.env["API_ENDPOINT"];
  if (endpoint === undefined) throw new Error("the environment variable API_ENDPOINT must be given");
  const { ok, status } = await fetch(`${endpoint.replace(/\/$/, "")}/`, {
    signal: AbortSignal.timeout(30_000),
  });
  if (!ok) throw new Error(`${endpoint} must answer GET / with a status of 2xx, and answers ${status}`);
});
