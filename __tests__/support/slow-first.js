const { default: TestSequencer } = require("@jest/test-sequencer");

/** Files of half a minute and more, each of which would keep one process at work when the others are done. */
const slow = [
  "cdktn/package",
  "readme",
  "rehearsal/rollout/cli",
  "rehearsal/cli",
  "rehearsal/rollout/steps/verdict",
  "rehearsal/rollout/ecs/played-service",
  "rehearsal/rollout/played-shift",
  "workflows/review",
  "examples/examples",
  "review/every-release-field",
].map((name) => `/__tests__/${name}.test.ts`);

/** Starts the slow files first where no run before tells how long each takes, as in CI: Jest knows their sizes alone. */
module.exports = class SlowFirst extends TestSequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const isKnown = sorted.some(({ duration }) => duration !== undefined);
    const rank = ({ path }) => {
      const found = slow.findIndex((file) => path.endsWith(file));
      return found < 0 ? slow.length : found;
    };
    return isKnown ? sorted : [...sorted].sort((one, other) => rank(one) - rank(other));
  }
};
