interface Protected {
  readonly lifecycle: { readonly prevent_destroy: boolean; readonly replace_triggered_by: readonly string[] };
}

/**
 * The ids for which a stack refuses a plan that would destroy or replace what has them, in order and without the
 * hashes that cdktf adds.
 */
export function protectedBy(stack: string): string[] {
  const { terraform_data = {} } = JSON.parse(stack).resource as {
    readonly terraform_data?: Readonly<Record<string, Protected>>;
  };
  return Object.values(terraform_data)
    .filter(({ lifecycle }) => lifecycle.prevent_destroy)
    .flatMap(({ lifecycle }) => lifecycle.replace_triggered_by)
    .map((id) => id.replace(/_[0-9A-F]{8}\./, "."))
    .sort();
}
