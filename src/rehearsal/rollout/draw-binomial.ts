import type { Random } from "../random";

/** Above this the normal curve is as good. */
const mostHits = 100;

/** How many of `count` tries succeed, where each does by itself with that chance. */
export function drawBinomial(count: number, chance: number, random: Random): number {
  if (count === 0 || chance <= 0) return 0;
  if (chance >= 1) return count;
  if (chance > 0.5) return count - drawBinomial(count, 1 - chance, random);
  if (count * chance > mostHits) return drawNormal(count, chance, random);
  // Skips from one success to the next.
  const failing = Math.log(1 - chance);
  let hits = 0;
  for (let tries = next(); tries <= count; tries += next()) hits++;
  return hits;

  function next(): number {
    return Math.floor(Math.log(1 - random()) / failing) + 1;
  }
}

function drawNormal(count: number, chance: number, random: Random): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const hits = Math.round(count * chance + Math.sqrt(count * chance * (1 - chance)) * normal);
  return Math.min(count, Math.max(0, hits));
}
