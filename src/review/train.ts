import { byText, onFailureText, type Train } from "../release/environment/train";
import { type Direction, directionOf } from "../release/steps/direction";
import { type Change, isContinued } from "./change";
import type { Finding } from "./finding";
import { isMove } from "./step";

/** A train of which at least one service moves. */
export interface ReviewedTrain {
  /** `dev/checkout` */
  readonly name: string;
  /** Whether all its services move, and in one direction. */
  readonly isAsOne: boolean;
  readonly headline: string;
  /** The stacks of all its services, in the order in which they are deployed. */
  readonly stacks: readonly string[];
}

/** A service of a train, and what it does. */
interface Member {
  readonly service: string;
  readonly change: Change;
  /** Its moves, as the review says them. @default - it does not move */
  readonly moves?: string;
  readonly direction: Direction;
}

/** The trains that a change moves, and what is to be known where one does not move as one. */
export function reviewedTrains(changes: readonly Change[]): {
  readonly trains: readonly ReviewedTrain[];
  readonly notes: readonly Finding[];
} {
  const environments = new Map(
    changes.flatMap(({ head }) =>
      head === undefined ? [] : [[head.release.environment.name, head.release.environment]],
    ),
  );
  const found = [...environments.values()].flatMap(({ name, trains }) =>
    Object.entries(trains).map(([train, own]) => ({
      name: `${name}/${train}`,
      train: own,
      members: own.services.flatMap((service) => memberOf(service, `${service}-${name}`, changes)),
    })),
  );
  const moving = found.filter(({ members }) => members.some(({ moves }) => moves !== undefined));
  const told = moving.map(({ name, train, members }) => {
    const notes = notesOf(name, members);
    const stacks = members.map(({ change }) => change.stack);
    return { name, isAsOne: notes.length === 0, headline: headlineOf(train, members), stacks, notes };
  });
  return {
    trains: told.map(({ notes, ...train }) => train),
    notes: told.flatMap(({ notes }) => notes),
  };
}

/** Services of one train one after the other, in its order, where the first of them stood. */
export function inTrains<T extends { readonly stack: string }>(
  services: readonly T[],
  trains: readonly ReviewedTrain[],
): T[] {
  const together = services.map(({ stack }) => {
    const train = trains.find(({ stacks }) => stacks.includes(stack));
    return train === undefined ? [stack] : train.stacks;
  });
  const stacks = [...new Set(together.flat())];
  return stacks.flatMap((stack) => services.filter((one) => one.stack === stack));
}

function memberOf(service: string, stack: string, changes: readonly Change[]): Member[] {
  const change = changes.find((one) => one.stack === stack);
  if (change === undefined) return [];
  const moves = isContinued(change) ? change.steps.filter(isMove) : [];
  const { base, head } = change;
  const versions = [...new Set([...(base?.versions ?? []), ...(head?.versions ?? [])])];
  const isBack =
    moves.some(({ kind }) => kind === "roll back") ||
    directionOf(versions, base?.traffic ?? new Map(), head?.traffic ?? new Map()) === "back";
  const text = moves.map((one) => one.text).join(", ");
  return [{ service, change, moves: text === "" ? undefined : text, direction: isBack ? "back" : "forward" }];
}

function headlineOf({ onFailure }: Train, members: readonly Member[]): string {
  const moving = members.filter(({ moves }) => moves !== undefined);
  const said = moving.map(({ service, moves = "" }) => ({ service, text: moves }));
  const moves = [...byText(said)].map(([text, services]) => `${text} (${services.join(", ")})`);
  const isBack = moving.every(({ direction }) => direction === "back");
  const order = moving.map(({ service }) => service);
  const staying = members.filter(({ moves }) => moves === undefined).map(({ service }) => service);
  return [
    moves.join(", "),
    ...(staying.length === 0 ? [] : [`without ${staying.join(" and ")}`]),
    ...(order.length < 2
      ? []
      : [
          `deployed in this order: ${(isBack ? order.reverse() : order).join(", ")}`,
          // What went back is not taken back.
          onFailureText(isBack ? "stop" : onFailure),
        ]),
  ].join("; ");
}

function notesOf(name: string, members: readonly Member[]): Finding[] {
  const moving = members.filter(({ moves }) => moves !== undefined);
  const names = (some: readonly Member[]) => some.map(({ service }) => service).join(" and ");
  const note = ({ change: { head, base } }: Member, message: string): Finding => {
    const side = head ?? base;
    return { check: "train", place: side?.place(["stable"]) ?? "", message, isNote: true };
  };
  const [forward, back] = (["forward", "back"] as const).map((one) =>
    moving.filter(({ direction }) => direction === one),
  ) as [Member[], Member[]];
  return [
    ...members
      .filter(({ moves }) => moves === undefined)
      .map((one) =>
        note(one, `${one.service} does not move, but ${names(moving)} of its train ${name} does`),
      ),
    ...(forward.length === 0
      ? []
      : back.map((one) =>
          note(one, `${one.service} goes back, but ${names(forward)} of its train ${name} goes forward`),
        )),
  ];
}
