import { html } from "../../src/dashboard/html";

test("what is put into a template is text, and templates within it are parts", () => {
  const name = `<script>alert("1")</script> & 'v1'`;
  expect(html`<b title="${name}">${[html`<i>${1}</i>`, undefined, name]}</b>`.text).toBe(
    '<b title="&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;v1&#39;"><i>1</i>' +
      "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;v1&#39;</b>",
  );
});

test("what would hide or reorder other text is shown as its code", () => {
  expect(html`${"v1\u202e2v \u001b[31m"}`.text).toBe("v1\\u202e2v \\u001b[31m");
});
