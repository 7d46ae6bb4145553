import type { Change } from "../change";
import type { Finding } from "../finding";

/** A function without executions: whoever calls it is throttled. */
export function checkStopped({ head, steps }: Change): Finding[] {
  if (head === undefined) return [];
  return steps
    .filter(({ kind }) => kind === "reserve" || kind === "deploy" || kind === "publish")
    .flatMap(({ kind, version = "", field }) => {
      const folders = kind === "deploy" ? [...head.functions.keys()] : [version];
      const functions = folders.flatMap((folder) => head.functions.get(folder) ?? []);
      return functions
        .filter(({ settings }) => settings.reservedConcurrency === 0)
        .map(({ awsName }) => ({
          check: "stopped" as const,
          place: head.place(field),
          message: `${awsName} may have 0 executions ('reservedConcurrency'): Lambda throttles every invocation of it`,
          isNote: true,
        }));
    });
}
