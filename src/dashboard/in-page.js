/**
 * Keeps a served page up to date: the server sends the parts that have changed. What is open, focused or scrolled to
 * stays so.
 */
(() => {
  const status = document.getElementById("status");
  const token = document.querySelector("meta[name=token]").content;
  const shown = new Map();
  let lost = false;

  const tell = (text) => {
    status.textContent = text;
  };

  const replace = ({ id, html }) => {
    const part = document.getElementById(id);
    if (part === null || shown.get(id) === html) return;
    shown.set(id, html);
    const focused = part.contains(document.activeElement) ? placeOf(part, document.activeElement) : undefined;
    const open = [...part.querySelectorAll("details[open]")].map((one) => one.id);
    const scrolled = [...part.querySelectorAll(".wide")].map((one) => one.scrollLeft);
    part.innerHTML = html;
    for (const one of open) document.getElementById(one)?.setAttribute("open", "");
    for (const [index, one] of part.querySelectorAll(".wide").entries())
      one.scrollLeft = scrolled[index] ?? 0;
    if (focused !== undefined) part.querySelectorAll(focusable)[focused]?.focus({ preventScroll: true });
  };

  const focusable = "a, summary, button, input, [tabindex]";
  const placeOf = (part, element) => [...part.querySelectorAll(focusable)].indexOf(element);

  const events = new EventSource("/events");
  events.onmessage = ({ data }) => {
    const { parts, said, isOther } = JSON.parse(data);
    if (isOther) {
      location.reload();
      return;
    }
    for (const part of parts) replace(part);
    if (said !== "") tell(said);
    else if (lost) tell("");
    lost = false;
  };
  events.onerror = () => {
    if (!lost) tell("The server does not answer: what stands here may be old.");
    lost = true;
  };

  const form = document.querySelector("form[data-control]");
  if (form === null) return;
  const number = form.elements.percent;
  const slider = form.elements.slider;
  const answer = document.getElementById("answer");
  slider.addEventListener("input", () => {
    number.value = slider.value;
  });
  number.addEventListener("input", () => {
    slider.value = number.value;
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const skip = form.elements.skip.checked;
    const body = JSON.stringify({ percent: number.value, skip });
    answer.className = "";
    answer.textContent = "";
    try {
      const response = await fetch("/percent", {
        method: "POST",
        headers: { "content-type": "application/json", "x-token": token },
        body,
      });
      const { message } = await response.json();
      answer.className = response.ok ? "good" : "bad";
      answer.textContent = message;
    } catch {
      answer.className = "bad";
      answer.textContent = "the server does not answer: nothing was sent";
    }
  });
})();
