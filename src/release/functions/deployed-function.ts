import type { CodeSource, FunctionSettings } from "./function-settings";
import type { ProjectLayer } from "./layers";
import type { RoleName } from "./role";

/** One function as AWS knows it. */
export interface DeployedFunction {
  /** Its name in AWS. */
  readonly awsName: string;
  /** The name that this project gives: another than `awsName` where one is adopted. */
  readonly ownName: string;
  /** The role that it runs with. */
  readonly role: RoleName;
  /** Whether it was there before the release file. */
  readonly adopted: boolean;
  /** Memory, timeout and the like. */
  readonly settings: FunctionSettings;
  /** Layers that the stack makes for it. @default - none */
  readonly projectLayers?: readonly ProjectLayer[];
  /** Where its code stands. */
  readonly source: CodeSource;
}

/** Whether this project made it once, and has lost its state: it has a role and permission from then. */
export function isRecovered({ adopted, awsName, ownName }: DeployedFunction): boolean {
  return adopted && awsName === ownName;
}
