/** What an answer says of the records of a batch. */
export interface BatchAnswer {
  /** How many of them come again. */
  readonly failed: number;
  /** Why, where any do. */
  readonly reason?: string;
}

/**
 * Reads a partial batch response as Lambda does.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 *
 * @param ids of the records, in their order
 * @param isOrdered whether all records from the first that failed come again, as those of a stream do
 */
export function batchAnswer(answer: unknown, ids: readonly string[], isOrdered: boolean): BatchAnswer {
  const failures = (answer as { batchItemFailures?: unknown } | null | undefined)?.batchItemFailures ?? [];
  const whole = (reason: string) => ({ failed: ids.length, reason });
  if (!Array.isArray(failures))
    return whole("'batchItemFailures' of the answer is no list: the whole batch fails");
  if (failures.length === 0) return { failed: 0 };
  const named = failures.map((one) => (one as { itemIdentifier?: unknown } | null)?.itemIdentifier);
  const wrong = named.find((id) => !ids.includes(String(id)));
  if (named.includes(undefined) || wrong !== undefined) {
    const id = JSON.stringify(wrong) ?? "none";
    return whole(`'itemIdentifier' must be that of a record, got ${id}: the whole batch fails`);
  }
  const failed = isOrdered
    ? ids.length - Math.min(...named.map((id) => ids.indexOf(String(id))))
    : new Set(named).size;
  return { failed, reason: `reports failed records` };
}

/** Whether an answer names failed records. */
export function namesFailures(answer: unknown): boolean {
  const failures = (answer as { batchItemFailures?: unknown } | null | undefined)?.batchItemFailures;
  return Array.isArray(failures) && failures.length > 0;
}
