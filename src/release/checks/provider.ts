import { type AwsProvider, isKnownTo, remedyFor } from "../aws/aws-provider";
import type { ReleaseContext } from "../release-context";
import { modelOf } from "../strategies/strategies";
import type { Finding } from "./finding";

/** An older provider would refuse the stack of the strategy when it plans. */
export function checkProvider({ file }: ReleaseContext, provider: AwsProvider | undefined): Finding[] {
  const { providerSince: since } = modelOf(file);
  if (provider === undefined || isKnownTo(provider, { provider: since })) return [];
  const message = `must be a strategy that AWS provider ${provider.version} (${provider.from}) has, and this one needs ${since}: ${remedyFor({ provider: since })}`;
  return [{ field: ["strategy"], message, value: file.strategy }];
}
