import { isDeepStrictEqual } from "node:util";
import type { Change } from "../change";
import { isContinued } from "../change";
import { addressOf } from "../difference";
import type { Finding } from "../finding";
import type { Side } from "../side";

const wayOut = "create a second service and move its callers";

/** What Terraform replaces under its users' feet, or makes again because it looks for it elsewhere. */
export function checkReplaced(change: Change): Finding[] {
  if (!isContinued(change)) return [];
  const { base, head } = change;
  return [
    ...otherPackage(base, head),
    ...otherStage(base, head),
    ...otherAddress(base, head),
    ...otherPlace(base, head),
  ].map((one) => ({ check: "replaced", ...one }));
}

type Told = Omit<Finding, "check">;

/**
 * Lambda fixes the package type when it creates a function, and Terraform creates the new one first.
 * https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
 */
function otherPackage(base: Side, head: Side): Told[] {
  const [before, after] = [base, head].map(({ fields }) => fields.image);
  if ((before === undefined) === (after === undefined)) return [];
  const what = after === undefined ? "removed" : "added";
  const kinds = after === undefined ? "from image to zip" : "from zip to image";
  const message = `'image' is ${what}: Lambda cannot change a function ${kinds}, and AWS refuses a second function of the same name (409); put the code in a service of another name and move its callers`;
  return [{ place: head.place(["image"]), message }];
}

/** The stage's name is part of the address that users call. */
function otherStage(base: Side, head: Side): Told[] {
  const [before, after] = [base, head].map(({ release }) => "stage" in release && release.stage?.name);
  if (before === after || before === undefined) return [];
  if (after === undefined) {
    const gone = `'api' becomes false: that deletes the API, and its address is lost; ${wayOut}`;
    return [{ place: head.place(["api"]), message: gone }];
  }
  const message = `'stage.name' changes from ${before} to ${after}: that replaces the stage, and its address is lost; ${wayOut}`;
  return [{ place: head.place(["stage", "name"]), message }];
}

/** What users call stops to answer as soon as the mapping is another. */
function otherAddress(base: Side, head: Side): Told[] {
  const [before, after] = [addressOf(base), addressOf(head)];
  if (before === undefined || before.url === after?.url) return [];
  const now = after === undefined ? "leads to no stage any more" : `becomes ${after.url}`;
  const message = `${before.url} ${now}: its callers are no longer answered; ${wayOut}`;
  return [{ place: head.place(["stage", "basePath"]), message }];
}

/** Everything of the environment is then made anew, elsewhere or beside what is there. */
function otherPlace(base: Side, head: Side): Told[] {
  const [before, after] = [base.release.environment, head.release.environment];
  const place = `releases/${after.name}/environment.json`;
  return [
    ...(before.region === after.region
      ? []
      : [
          {
            place,
            message: `'region' changes from ${before.region} to ${after.region}: that replaces what serves users; ${wayOut}`,
          },
        ]),
    ...(isDeepStrictEqual(before.state, after.state)
      ? []
      : [
          {
            place,
            message:
              "'state' names another place: Terraform would find no resources there and create all of them again; move the state files first ('terraform init -migrate-state')",
          },
        ]),
  ];
}
