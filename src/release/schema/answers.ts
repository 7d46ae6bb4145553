import type { z } from "zod";
import { answersScopes } from "../alarms/alarm-scopes";
import { integer, list, number, object, oneOf } from "./fields";

/** So few requests say nothing of a rate. */
export const defaultLeastRequests = 20;

/**
 * The alarm on what users see. Lambda's errors do not count an answer of 500 that a function gives itself.
 *
 * With `"percent": 5` and 20 requests at least, 1 of 15 answers (6.7 percent) is good, and 2 of 30 (also 6.7 percent)
 * are too many. With `"pointsAboveStable": 2`, stable's 1 percent and a canary's 3 percent are too many.
 *
 * @param periods when it is in ALARM, as for every alarm
 */
export function answers<T extends z.ZodRawShape>(periods: T) {
  return object({
    threshold: integer(1, 1_000_000_000, "answers")
      .describe(
        "How many answers of 500 and above in a period are too many, from 1. Default: 1, unless 'percent' or 'pointsAboveStable' is given.",
      )
      .optional(),
    percent: number(0.01, 100, "percent")
      .describe("In place of 'threshold': what share of the answers in a period is too much, in percent.")
      .optional(),
    pointsAboveStable: number(0.01, 100, "percentage points")
      .describe(
        "In place of 'threshold', where a stage has a canary: by how many percentage points its share may not be above stable's.",
      )
      .optional(),
    leastRequests: integer(1, 1_000_000_000, "requests")
      .describe(
        `With 'percent' and 'pointsAboveStable': a period with fewer requests counts as good. Default: ${defaultLeastRequests}.`,
      )
      .optional(),
    ...periods,
    on: list(oneOf(answersScopes), 1, answersScopes.length, "scopes")
      .describe(
        'What to count: answers to requests of the version on trial ("canary", or "blue" of blue-green-stage), or of the users\' stage as a whole ("stage"). Default: the version on trial; "stage" where an alias splits; with a guard both of them.',
      )
      .optional(),
  });
}
