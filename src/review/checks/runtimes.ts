import { runtimeNotice } from "../../release/functions/runtime-notice";
import type { ReleaseFunction } from "../../release/version";
import type { Change } from "../change";
import type { Finding } from "../finding";

/** Runtimes that AWS stops maintaining: a note in time, and a finding where AWS refuses to create the function. */
export function checkRuntimes({ head, steps, now, provider }: Change): Finding[] {
  if (head === undefined || steps.length === 0) return [];
  const isNew = steps.some(({ kind }) => kind === "deploy");
  const published = steps.filter(({ kind }) => kind === "publish").map(({ version }) => version);
  const found = [...head.functions].flatMap(([folder, functions]) =>
    distinct(functions).flatMap((runtime): Finding[] => {
      const notice = runtimeNotice(runtime, now, provider);
      if (notice === undefined) return [];
      const isCreated = isNew || published.includes(folder);
      const place = head.place(head.fieldOf(folder));
      return [{ check: "runtime", place, message: notice.text, isNote: !(notice.isBlocked && isCreated) }];
    }),
  );
  return [...new Map(found.map((one) => [`${one.place} ${one.message}`, one])).values()];
}

function distinct(functions: readonly ReleaseFunction[]): string[] {
  const zipped = functions.filter(({ source }) => source.language !== "image");
  return [...new Set(zipped.map(({ settings }) => settings.runtime))];
}
