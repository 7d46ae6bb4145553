/** A function cannot run here, though it would in AWS. */
export class MissingRuntime extends Error {}
