/** Id of a statement that each resource policy of this project has, or what its id begins with. */
export const ownPolicySid = "FromElsewhere";
