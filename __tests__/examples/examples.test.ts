import { type Asked, CarriedRelease } from "../support/carried-release";

jest.setTimeout(120_000);

interface Answers extends Asked {
  readonly v1: readonly [number, unknown];
  readonly v2: readonly [number, unknown];
}

/** What is asked of a service; the first request is answered by each version in its own way. */
const examples: Readonly<Record<string, readonly Answers[]>> = {
  express: [
    {
      request: "GET /",
      v1: [200, { service: "notes", version: "v1" }],
      v2: [200, { service: "notes", version: "v2" }],
    },
    {
      request: "GET /notes/2/words",
      v1: [404, { error: "there is no GET /notes/2/words" }],
      v2: [200, { words: 3 }],
    },
    {
      request: "POST /notes",
      body: { text: "Sleep" },
      v1: [201, { id: "3", text: "Sleep" }],
      v2: [201, { id: "3", text: "Sleep" }],
    },
    {
      request: "GET /notes/7",
      v1: [404, { error: "there is no note 7" }],
      v2: [404, { error: "there is no note 7" }],
    },
  ],
};

test.each(Object.entries(examples))("%s is carried through a release", async (service, asked) => {
  const carried = await CarriedRelease.of(service);
  // One after the other: each request at the same time would start a process of its own.
  const ask = async (requests: readonly Asked[]) => {
    const answers = [];
    for (const one of requests) answers.push(await carried.ask(one));
    return answers;
  };
  const answers = () => ask(asked);
  const [v1, v2] = [asked.map((one) => one.v1), asked.map((one) => one.v2)];
  try {
    expect(await answers()).toEqual(v1);

    const published = await carried.verb("publish", "v2");
    expect([published.changed, published.destroyed]).toEqual([[], []]);
    expect(await answers()).toEqual(v1);

    const begun = await carried.verb("start", "v2", "--percent", "10");
    expect([begun.added, begun.changed.length, begun.destroyed]).toEqual([[], 1, []]);
    const [first] = asked;
    const drawn = await ask(Array(100).fill(first));
    const ofV2 = drawn.filter((one) => JSON.stringify(one) === JSON.stringify(first?.v2));
    expect(drawn.filter((one) => !ofV2.includes(one))).toEqual(Array(100 - ofV2.length).fill(first?.v1));
    expect(ofV2.length).toBeGreaterThan(2);
    expect(ofV2.length).toBeLessThan(25);

    expect((await carried.verb("promote")).changed).toHaveLength(1);
    expect(await answers()).toEqual(v2);

    expect((await carried.verb("rollback")).changed).toHaveLength(1);
    expect(await answers()).toEqual(v1);
  } finally {
    await carried.close();
  }
});
