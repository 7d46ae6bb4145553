import type { Finding } from "./finding";
import type { StepKind } from "./step";
import type { ReviewedTrain } from "./train";
import type { DifferenceLine } from "./versions/difference-lines";

/** A service that changes, or whose plan is not empty. */
export interface ReviewedService {
  readonly stack: string;
  readonly path: string;
  readonly headline: string;
  readonly rows: readonly Row[];
  /** What each version that is published has otherwise than the stable one; none where versions have no folders. */
  readonly published: readonly PublishedVersion[];
}

export interface PublishedVersion {
  readonly version: string;
  /** The version that users have. */
  readonly beside: string;
  readonly differences: readonly DifferenceLine[];
}

export interface Row {
  readonly kind: StepKind;
  readonly step: string;
  /** What says it, in the release file or beside it. */
  readonly shownBy: string;
  /** What the plan does for it. */
  readonly planned: readonly string[];
}

export interface Review {
  /** The base as it was named. */
  readonly base: string;
  /** Those of a train stand together, in its order. */
  readonly services: readonly ReviewedService[];
  readonly trains: readonly ReviewedTrain[];
  readonly findings: readonly Finding[];
  /** What is to be known and fails nothing. */
  readonly notes: readonly Finding[];
  readonly hasPlans: boolean;
  readonly markdown: string;
}
