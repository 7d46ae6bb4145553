import { readFileSync } from "node:fs";
import { z } from "zod";

const place = z.object({ commit: z.string(), path: z.string(), line: z.number().optional() });
const finding = z.object({
  place: z.string(),
  message: z.string(),
  /** Where GitHub shows it. Default: it is no file of a commit. */
  at: place.optional(),
});
/** Markdown under a title, which is text. */
const detail = z.object({ title: z.string(), text: z.string() });
const plan = z.object({
  stack: z.string(),
  /** How many resources it changes. */
  changes: z.number(),
  lines: z.array(z.string()),
});

/** What a review leaves for the comment. A later job reads it, of which the code may be another commit's. */
const environmentReview = z.object({
  environment: z.string().regex(/^[a-z0-9-]{1,64}$/),
  /** The commit that was reviewed. */
  commit: z.string().regex(/^[0-9a-f]{7,64}$/),
  /** Whether Terraform's plans were judged too. */
  hasPlans: z.boolean(),
  findings: z.array(finding),
  notes: z.array(finding),
  /** What becomes of each stack, in Markdown. */
  steps: z.array(z.string()),
  /** The kinds of all steps. */
  kinds: z.array(z.string()),
  details: z.array(detail),
  plans: z.array(plan),
});

export type EnvironmentReview = z.output<typeof environmentReview>;
export type ToldFinding = z.output<typeof finding>;

/** @returns nothing where there is no such file, or it has another form */
export function readEnvironmentReview(file: string): EnvironmentReview | undefined {
  try {
    return environmentReview.safeParse(JSON.parse(readFileSync(file, "utf8"))).data;
  } catch {
    return undefined;
  }
}
