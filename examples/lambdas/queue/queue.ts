interface Batch {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

/** Books the orders of a batch. */
export async function handler({ Records }: Batch) {
  for (const { body } of Records) book(JSON.parse(body));
  return { batchItemFailures: [] };
}

/** @throws on an order without a total, and the whole batch comes again */
function book({ id, total }: { id: string; total?: number }): void {
  if (total === undefined) throw new Error(`order ${id} has no total`);
  console.log(`booked ${id}: ${total}`);
}
