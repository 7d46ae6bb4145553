/** Share of the traffic, 0 to 100, with at most the 6 decimals that the Terraform provider keeps. */
export class Percent {
  /** Decimals that the Terraform provider keeps. */
  static readonly maxDecimals = 6;
  /** @example "a number between 0 and 100 with at most 6 decimals" */
  static readonly allowed = `a number between 0 and 100 with at most ${Percent.maxDecimals} decimals`;

  /** Whether `value` is a percent that reaches AWS unchanged. */
  static isValid(value: number): boolean {
    return value >= 0 && value <= 100 && Number(value.toFixed(Percent.maxDecimals)) === value;
  }

  /** @throws when the value is out of range or has more decimals than the provider keeps */
  static of(value: number): Percent {
    if (!Percent.isValid(value)) {
      throw new Error(`'percent' must be ${Percent.allowed}, got ${value}`);
    }
    return new Percent(value);
  }

  private constructor(readonly value: number) {}

  /** As an alias weighs a version, 0 to 1: 0.1 for 10, without the noise of binary fractions. */
  get weight(): number {
    return Number((this.value / 100).toFixed(Percent.maxDecimals + 2));
  }

  /** What is left for the others: 90 for 10, without the noise of binary fractions. */
  get rest(): Percent {
    return new Percent(Number((100 - this.value).toFixed(Percent.maxDecimals)));
  }
}
