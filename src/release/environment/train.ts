import type { EnvironmentFile } from "../schema/environment";

/** Services that are released together. */
export interface Train {
  /** In the order in which they are deployed. */
  readonly services: readonly string[];
  /** What a deploy does with those that it has moved, where another one of them fails. */
  readonly onFailure: "stop" | "take-back";
}

/** By their names. */
export type Trains = Readonly<Record<string, Train>>;

/** What the deploy of a train does if one of its services fails. */
export function onFailureText(onFailure: Train["onFailure"] | undefined): string {
  return `if one fails, the deploy ${onFailure === "take-back" ? "takes back those before it" : "stops"}`;
}

/** The trains of a file, each in its long form. */
export function trainsOf(trains: EnvironmentFile["trains"]): Trains {
  return Object.fromEntries(
    Object.entries(trains).map(([name, train]) => [
      name,
      "services" in train ? train : { services: train, onFailure: "stop" as const },
    ]),
  );
}

/** The name of the train that a service belongs to; it belongs to one at most. */
export function trainWith(trains: Trains, service: string): string | undefined {
  return Object.keys(trains).find((name) => trains[name]?.services.includes(service));
}

export function trainNamed(trains: Trains, name: string): Train | undefined {
  return Object.hasOwn(trains, name) ? trains[name] : undefined;
}

/** Services by what is said of them, where it is one thing of several: `promote v2` of `orders` and `billing`. */
export function byText(
  said: readonly { readonly service: string; readonly text: string }[],
): ReadonlyMap<string, string[]> {
  const services = new Map<string, string[]>();
  for (const { service, text } of said) services.set(text, [...(services.get(text) ?? []), service]);
  return services;
}
