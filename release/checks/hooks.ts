import { hookFolder } from "../hooks";
import type { ReleaseContext } from "../release-context";
import type { Finding } from "./finding";

/** Each hook is one file, and another one than the other hook. */
export function checkHooks(context: ReleaseContext): Finding[] {
  const { beforeTraffic, afterTraffic } = context.file.hooks ?? {};
  const findings = Object.entries({ beforeTraffic, afterTraffic }).flatMap(([when, name]) => {
    if (name === undefined) return [];
    const expected = [`${name}.ts`, `${name}.py`];
    const present = expected.filter((file) => context.hookFiles.includes(file));
    if (present.length === 1) return [];
    const message =
      present.length === 0
        ? `must have its handler in ${hookFolder}/: ${expected.join(" or ")}`
        : `must have one handler in ${hookFolder}/, and has ${present.join(" and ")}`;
    return [{ field: ["hooks", when], message, value: name }];
  });
  if (beforeTraffic === undefined || beforeTraffic !== afterTraffic) return findings;
  const message = "must be another hook than 'beforeTraffic'";
  return [...findings, { field: ["hooks", "afterTraffic"], message, value: afterTraffic }];
}
