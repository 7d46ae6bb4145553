import type { Release } from "../release";
import { standingOf } from "./standing";

/** Whether a step of a release goes on by itself. */
export function goesOnByItself(release: Release): boolean {
  return standingOf(release).steps?.some(({ auto }) => auto === true) === true;
}
