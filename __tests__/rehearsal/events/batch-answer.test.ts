import { batchAnswer } from "../../../src/rehearsal/events/batch-answer";

const ids = ["a", "b", "c", "d"];
const failing = (...named: unknown[]) => ({
  batchItemFailures: named.map((itemIdentifier) => ({ itemIdentifier })),
});

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html */
test.each<[unknown, number, number]>([
  [undefined, 0, 0],
  [null, 0, 0],
  [{}, 0, 0],
  [{ batchItemFailures: null }, 0, 0],
  [{ batchItemFailures: [] }, 0, 0],
  [failing("b"), 1, 3],
  [failing("d", "b", "b"), 2, 3],
  [failing(""), 4, 4],
  [failing(null), 4, 4],
  [failing("b", "x"), 4, 4],
  [{ batchItemFailures: [{ messageId: "b" }] }, 4, 4],
  [{ batchItemFailures: "b" }, 4, 4],
])("of %j come so many of four again: of a queue, of a stream", (answer, ofQueue, ofStream) => {
  expect(batchAnswer(answer, ids, false).failed).toBe(ofQueue);
  expect(batchAnswer(answer, ids, true).failed).toBe(ofStream);
});
