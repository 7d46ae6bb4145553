/**
 * The least contrast of a text with what is behind it, of all that a page shows, from 1 to 21, with that text:
 * https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio. Evaluated in the page.
 */
(() => {
  const channels = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (colour) => {
    const [red, green, blue] = channels(colour).map((one) => {
      const part = one / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const behind = (element) => {
    const { backgroundColor } = getComputedStyle(element);
    return channels(backgroundColor)[3] === 0 ? behind(element.parentElement) : backgroundColor;
  };
  const hasText = ({ childNodes }) =>
    [...childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.nodeValue.trim() !== "");
  const isShown = (element) => element.checkVisibility() && element.getBoundingClientRect().width > 1;
  return [...document.body.querySelectorAll("*")]
    .filter((one) => hasText(one) && !["SCRIPT", "STYLE"].includes(one.tagName) && isShown(one))
    .map((element) => {
      const { color, fill } = getComputedStyle(element);
      const own = luminance(element instanceof SVGElement ? fill : color);
      const other = luminance(behind(element));
      const contrast = (Math.max(own, other) + 0.05) / (Math.min(own, other) + 0.05);
      return { contrast, text: element.textContent.trim() };
    })
    .reduce((least, one) => (one.contrast < least.contrast ? one : least));
})();
