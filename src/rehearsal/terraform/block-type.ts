import { domainOf, partitionOf } from "../../release/aws/aws-regions";
import { accountId } from "../account";
import type { Arguments } from "./configuration";

/**
 * What the rehearsal does with an argument: it acts on it, hands it on to handlers, or users would notice nothing of
 * it.
 */
export type Treatment = "used" | "handed on" | "unnoticed" | { readonly [argument: string]: Treatment };

export interface BlockType {
  readonly arguments: Readonly<Record<string, Treatment>>;
  /** What AWS adds to the arguments. */
  readonly attributes: (
    args: Arguments,
    id: string,
    place: Place,
    /** How often it was made anew. */
    generation: number,
  ) => Record<string, unknown>;
  /** For what no request notices, whatever its arguments. @default - it is rehearsed */
  readonly passedOver?: PassedOver;
}

export interface PassedOver {
  /** What may happen to a request in AWS and not here. @default - nothing */
  readonly unrehearsed?: string;
}

/** Where the provider of a stack points, and what the stack's paths are relative to. */
export interface Place {
  readonly region: string;
  readonly partition: string;
  /** What the addresses of its services end with. */
  readonly dnsSuffix: string;
  readonly folder: string;
  /** The accounts that it allows. @default - any */
  readonly allowedAccounts: readonly string[];
}

export function placeOf(awsProvider: Arguments, folder: string): Place {
  const region = String(awsProvider["region"] ?? "us-east-1");
  const allowedAccounts = (awsProvider["allowed_account_ids"] ?? []) as readonly string[];
  return { region, partition: partitionOf(region), dnsSuffix: domainOf(region), folder, allowedAccounts };
}

export const arn = ({ partition, region }: Place, service: string, rest: string) =>
  `arn:${partition}:${service}:${region}:${accountId}:${rest}`;
