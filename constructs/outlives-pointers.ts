/**
 * For all that a version brings: with `create_before_destroy` Terraform takes it away after the stage that
 * pointed at it was changed. Without it, promoting v2 and pruning v1 in one change would delete v1 while it
 * still serves.
 */
export const outlivesPointers = { createBeforeDestroy: true };
