import { type Html, html } from "./html";

/** The form that gives the canary another share. @param percent its share now. @default - there is no canary */
export function percentControl(path: string, percent: number | undefined): Html {
  const value = percent ?? 10;
  return html`<section id="control" aria-labelledby="control-title"><h2 id="control-title">The canary's share</h2>
<p id="control-help" class="faint">Writes <code>${path}</code> as <code>shift</code> does; the rehearsal then synthesizes and applies it.</p>
<form data-control class="row">
<label for="slider" class="hidden">percent, as a slider</label><input id="slider" name="slider" type="range" min="0" max="100" step="1" value="${value}">
<label for="percent">percent</label><input id="percent" name="percent" type="number" min="0" max="100" step="any" required value="${value}" aria-describedby="control-help">
<label><input name="skip" type="checkbox"> skip steps and bake time (<code>--skip</code>)</label>
<button type="submit">write</button>
</form>
<p id="answer" role="status" aria-live="polite"></p></section>`;
}
