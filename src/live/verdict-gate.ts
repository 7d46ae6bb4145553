import { Unable } from "../release/files/project";
import type { Release } from "../release/release";
import { Refusal } from "../release/verbs/transitions";
import { reasonOf, worseText } from "../verdict/reason";
import type { CanaryVerdict } from "./verdict-now";

/**
 * Asks for the verdict that a step waits for, before its canary gets more users.
 *
 * @param way what lets it pass without a verdict, such as `use --skip`
 * @returns the answer, as people read it
 * @throws {Refusal} unless the canary is as good as stable
 * @throws {Unable} where that is not known, such as where AWS cannot be asked
 */
export async function refuseUnlessAsGood(
  { environment, service }: Release,
  way: string,
  ask: () => Promise<CanaryVerdict>,
): Promise<string> {
  const name = `${environment.name}/${service}`;
  const found = await ask().catch((error: Error) => {
    if (error instanceof Refusal) throw error;
    throw Unable.causedBy(
      error,
      `the verdict that this step of ${name} waits for is not known: ${error.message}; ` +
        `${way} to go on without it`,
    );
  });
  const { answer, stable, canary } = found;
  const reason = answer === "worse" ? worseText(found) : reasonOf(found, canary);
  if (answer === "as good") return `as good: ${reason}`;
  throw new Refusal(
    `${canary} gets more users only when it is as good as ${stable}, and the verdict is ${answer}: ${reason}; ` +
      `look: npx lambda-release verdict ${name}; ${way} to go on without it`,
  );
}
