import { expectShare } from "../support/expect-share";
import type { ExampleProject } from "./example-project";
import type { Answer, Asked } from "./shapes";

/** What is added, changed and destroyed. */
export type Counts = readonly [add: number, change: number, destroy: number];

/** Where a release is carried out: in plans, in a rehearsal, or in a local AWS. */
export interface Place {
  /** Applies what the project has synthesized, or plans it. */
  apply(project: ExampleProject): Promise<Counts>;
  /** @default - nobody answers, the steps are planned alone */
  ask?(asked: Asked): Promise<Answer>;
  /** Whether every run draws the same versions, so that no right split fails by chance. @default - each draws anew */
  readonly isSeeded?: true;
}

/** What an apply of each step must do. */
export interface Expected {
  readonly publish: Counts;
  /** @default - one change */
  readonly step?: Counts;
  /** Where v2 is previewed in place of 10 percent: that, and moving everybody at once. @default - users come in shares */
  readonly preview?: readonly [preview: Counts, promote: Counts];
}

const oneChange: Counts = [0, 1, 0];

/**
 * Carries a service from its first version to a rollback by the verbs: publish, 10 percent, promote, roll back. At
 * each step it expects what an apply changes, and what users are answered.
 */
export async function carry(
  project: ExampleProject,
  place: Place,
  { publish, step = oneChange, preview }: Expected = project.shape,
): Promise<void> {
  const { asked } = project.shape;
  const [first] = asked;
  const { ask } = place;
  const apply = async () => {
    await project.synthesize();
    return place.apply(project);
  };
  /** One after the other: requests at the same time would start a process each. */
  const answersTo = async (all: readonly Asked[]) => {
    const answers: Answer[] = [];
    for (const one of all) answers.push((await ask?.call(place, one)) as Answer);
    return answers;
  };
  const isServed = async (at: string, version: "v1" | "v2") => {
    if (ask === undefined) return;
    const answers = await answersTo(asked);
    expect({ at, answers }).toEqual({ at, answers: asked.map((one) => one[version]) });
  };

  const isShared = async () => {
    if (ask === undefined) return;
    const drawn = (await answersTo(Array(150).fill(first))).map((one) => JSON.stringify(one));
    const [v1 = 0, v2 = 0] = [first.v1, first.v2].map(
      (version) => drawn.filter((one) => one === JSON.stringify(version)).length,
    );
    expect(v1 + v2).toBe(drawn.length);
    expectShare({ v1, v2 }, "v2", 10, place.isSeeded ? 0.01 : undefined);
  };

  await apply();
  await isServed("the beginning", "v1");

  project.bringSecond();
  if (project.isDeployedBeforeItIsNamed) {
    // The function is changed, and no pointer.
    expect({ code: await apply() }).toEqual({ code: oneChange });
    await isServed("the code of version 2", "v1");
  }
  await project.publish();
  expect({ publish: await apply() }).toEqual({ publish });
  await isServed("publish", "v1");
  const published = project.output;

  if (preview === undefined) {
    await project.run("start", project.second, "--percent", "10");
    expect({ "10 percent": await apply() }).toEqual({ "10 percent": step });
    await isShared();
  } else {
    await project.run("start", project.second, "--source", "203.0.113.0/24");
    expect({ preview: await apply() }).toEqual({ preview: preview[0] });
    await isServed("preview", "v1");
  }
  await project.run("promote");
  expect({ promote: await apply() }).toEqual({ promote: preview?.[1] ?? step });
  await isServed("promote", "v2");

  await project.run("rollback");
  expect({ rollback: await apply() }).toEqual({ rollback: step });
  await isServed("rollback", "v1");
  // Nothing of v2's time with the users is left in what is deployed.
  expect(project.output).toEqual(published);
}

/** Sends a request of a shape. @param keyOf the value of an API key, by its name */
export async function answerTo(
  { request = "", headers, key, body }: Asked,
  stageUrl: string,
  keyOf: (name: string) => string,
): Promise<Answer> {
  const [method, path] = request.split(" ");
  const response = await fetch(`${stageUrl}${path}`, {
    method,
    headers: {
      ...(body && { "content-type": "application/json" }),
      ...(key && { "x-api-key": keyOf(key) }),
      ...headers,
    },
    body: body && JSON.stringify(body),
  });
  return [response.status, await response.json()];
}
