import type { z } from "zod";
import type { triggers } from "../schema/triggers";

type TriggersInFile = z.output<typeof triggers>;
type TriggerInFile = TriggersInFile[string];

/** What a trigger's events come from. */
export type TriggerKind = Exclude<keyof TriggerInFile & string, "function">;

export const triggerKinds = [
  "queue",
  "topic",
  "events",
  "schedule",
  "bucket",
  "stream",
] as const satisfies TriggerKind[];

/** What invokes the function besides the API, through the alias that serves users. */
export type Trigger = {
  [Kind in TriggerKind]: {
    /** The file's name of it. */
    readonly name: string;
    readonly kind: Kind;
    /** The function that it invokes. @default - the only one of the service */
    readonly function?: string;
    /** Its source, and how the events come. */
    readonly settings: NonNullable<TriggerInFile[Kind]>;
  };
}[TriggerKind];

export type TriggerOf<Kind extends TriggerKind> = Extract<Trigger, { readonly kind: Kind }>;

/** The triggers of a file, in the order of their names. */
export function triggersOf(inFile: TriggersInFile | undefined): readonly Trigger[] {
  return Object.entries(inFile ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, trigger]) =>
      triggerKinds.flatMap((kind) => {
        const settings = trigger[kind];
        return settings === undefined
          ? []
          : [{ name, kind, function: trigger.function, settings } as Trigger];
      }),
    );
}

/** The triggers that invoke one of a service's functions. */
export function triggersOfFunction(
  triggers: readonly Trigger[],
  { name }: { readonly name: string },
  functions: readonly { readonly name: string }[],
): readonly Trigger[] {
  return triggers.filter((one) => (one.function ?? functions[0]?.name) === name);
}

/** Name of the EventBridge rule of a trigger. */
export function ruleName(release: string, trigger: string): string {
  return `${release}-${trigger}`;
}

/** The ARN of the queue, stream or topic that a trigger's events come from. @returns nothing of the other kinds */
export function sourceArnOf(trigger: Trigger): string | undefined {
  return "arn" in trigger.settings ? trigger.settings.arn : undefined;
}

/** Where Lambda sends events that were not processed. @returns nothing if they are dropped */
export function failureArnOf(trigger: Trigger): string | undefined {
  if (trigger.kind === "stream") return trigger.settings.failureArn;
  return "deadLetterArn" in trigger.settings ? trigger.settings.deadLetterArn : undefined;
}
