import { Fault, ServiceError } from "../fault";

/** Shares in percent, by the ARN of a target group. */
export type Shares = Readonly<Record<string, number>>;

/** What deployments ask of the load balancer. @throws LoadBalancerError on what it refuses */
export interface LoadBalancerApi {
  /** The ARNs of target groups, by name. */
  targetGroups(names: readonly string[]): Promise<Readonly<Record<string, string>>>;
  /** Where each rule of a listener that forwards requests forwards them, the default rule among them. */
  rules(listenerArn: string): Promise<readonly Shares[]>;
  /** Has each rule that forwards to one of those target groups forward to them in these shares. */
  forward(listenerArn: string, shares: Shares): Promise<void>;
}

/** What the load balancer refuses. */
export class LoadBalancerError extends ServiceError {
  get fault(): Fault {
    const code = /^AccessDenied/.test(this.code) ? "IAM_ROLE_PERMISSIONS" : "ELASTIC_LOAD_BALANCING_INVALID";
    return new Fault(code, `The ELB could not be updated due to the following error: ${this.message}`);
  }
}
