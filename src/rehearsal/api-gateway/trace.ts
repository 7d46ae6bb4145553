import { newRoot, newSegment } from "../trace-id";

/** The `X-Amzn-Trace-Id` of a request: https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html */
export interface Trace {
  /** For the function: the caller's own where it names a root. */
  readonly forFunction: string;
  /** For the caller of a function that answered. Lambda adds to the root the parent and whether it is sampled. */
  readonly forCaller: string;
}

/** @param header what the caller sent. @default - a new trace begins */
export function traceOf(header: string | undefined, now: Date): Trace {
  const given = new Map(
    (header ?? "").split(";").map((field) => {
      const [name = "", value = ""] = field.split("=", 2);
      return [name.trim().toLowerCase(), value.trim()];
    }),
  );
  const root = given.get("root") || newRoot(now);
  const parent = given.get("parent");
  const sampled = given.get("sampled") ?? (parent === undefined ? "0" : "1");
  return {
    forFunction: given.get("root") ? String(header) : `Root=${root}`,
    forCaller: `Root=${root};Parent=${parent ?? newSegment()};Sampled=${sampled}`,
  };
}
