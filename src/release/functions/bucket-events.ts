import type { TriggerOf } from "./triggers";

/** What S3 tells a function of. https://docs.aws.amazon.com/AmazonS3/latest/API/API_LambdaFunctionConfiguration.html */
export const bucketEvents = [
  "s3:ObjectCreated:*",
  "s3:ObjectCreated:Put",
  "s3:ObjectCreated:Post",
  "s3:ObjectCreated:Copy",
  "s3:ObjectCreated:CompleteMultipartUpload",
  "s3:ObjectRemoved:*",
  "s3:ObjectRemoved:Delete",
  "s3:ObjectRemoved:DeleteMarkerCreated",
  "s3:ObjectRestore:*",
  "s3:ObjectRestore:Post",
  "s3:ObjectRestore:Completed",
  "s3:ObjectRestore:Delete",
  "s3:ObjectTagging:*",
  "s3:ObjectTagging:Put",
  "s3:ObjectTagging:Delete",
  "s3:ObjectAcl:Put",
  "s3:LifecycleExpiration:*",
  "s3:LifecycleExpiration:Delete",
  "s3:LifecycleExpiration:DeleteMarkerCreated",
  "s3:LifecycleTransition",
  "s3:IntelligentTiering",
  "s3:ReducedRedundancyLostObject",
  "s3:Replication:*",
  "s3:Replication:OperationFailedReplication",
  "s3:Replication:OperationMissedThreshold",
  "s3:Replication:OperationReplicatedAfterThreshold",
  "s3:Replication:OperationNotTracked",
] as const;

type BucketTrigger = TriggerOf<"bucket">;

/** The event types that invoke, where the stack sets the bucket's notifications. */
export function eventsOfBucket({ settings }: BucketTrigger): readonly string[] {
  return settings.events ?? ["s3:ObjectCreated:*"];
}

/** The triggers of buckets whose notifications the stack sets, by the bucket's name. */
export function ownedBuckets<T extends { readonly trigger: { readonly kind: string } }>(
  given: readonly T[],
): ReadonlyMap<string, readonly (T & { readonly trigger: BucketTrigger })[]> {
  const owned = new Map<string, (T & { readonly trigger: BucketTrigger })[]>();
  for (const one of given) {
    if (!isOfBucket(one) || one.trigger.settings.owned !== true) continue;
    const { name } = one.trigger.settings;
    owned.set(name, [...(owned.get(name) ?? []), one]);
  }
  return owned;
}

function isOfBucket<T extends { readonly trigger: { readonly kind: string } }>(
  one: T,
): one is T & { readonly trigger: BucketTrigger } {
  return one.trigger.kind === "bucket";
}

/**
 * Whether an object's event would invoke by both, which S3 refuses.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html
 */
export function overlap(one: BucketTrigger, other: BucketTrigger): boolean {
  const events = eventsOfBucket(one).some((a) =>
    eventsOfBucket(other).some((b) => isWithin(a, b) || isWithin(b, a)),
  );
  const begins = either(one.settings.prefix, other.settings.prefix, (a, b) => a.startsWith(b));
  const ends = either(one.settings.suffix, other.settings.suffix, (a, b) => a.endsWith(b));
  return events && begins && ends;
}

function isWithin(event: string, types: string): boolean {
  return event === types || (types.endsWith("*") && event.startsWith(types.slice(0, -1)));
}

function either(one = "", other = "", has: (a: string, b: string) => boolean): boolean {
  return has(one, other) || has(other, one);
}
