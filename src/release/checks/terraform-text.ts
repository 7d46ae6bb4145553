import type { FieldPath } from "../problem";
import type { Finding } from "./finding";

/** No text of a file reaches Terraform as an expression, or CDKTF as one of its marks for values that are not known yet. */
export function checkTerraformText(value: unknown, field: FieldPath = []): Finding[] {
  if (typeof value === "string") {
    if (/[$%]\{/.test(value))
      return [
        { field, message: "must not contain ${ or %{, which Terraform would read as an expression", value },
      ];
    if (!/[#&]\{TfToken\[/.test(value)) return [];
    return [
      { field, message: "must not contain #{TfToken[ or &{TfToken[, which are CDKTF's own marks", value },
    ];
  }
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, one]) => {
    const path = [...field, Array.isArray(value) ? Number(key) : key];
    return [...checkTerraformText(Array.isArray(value) ? "" : key, path), ...checkTerraformText(one, path)];
  });
}
