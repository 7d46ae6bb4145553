/**
 * The structure of a dashboard's body as AWS documents it, of the widgets that are used here:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
const text = { type: "string", minLength: 1 };
const period = { type: "integer", multipleOf: 60, minimum: 60 };
const region = { type: "string", pattern: "^[a-z]{2}(-[a-z]+)+-\\d$" };
const colour = { type: "string", pattern: "^#[0-9a-f]{6}$" };
const relativeTime = { type: "string", pattern: "^-P(T\\d+[HM]|\\d+[DWM])$" };

const closed = (properties: object, required: readonly string[]) => ({
  type: "object",
  additionalProperties: false,
  properties,
  required,
});

const id = { type: "string", pattern: "^[a-z][A-Za-z0-9_]*$" };
const rendering = closed(
  {
    id,
    stat: { type: "string", pattern: "^(Sum|Average|Minimum|Maximum|SampleCount|p\\d{1,2}(\\.\\d+)?)$" },
    label: text,
    color: colour,
    visible: { type: "boolean" },
    period,
  },
  [],
);

/** `[namespace, metric, (dimension, value)*, how it is shown]` */
const metric = {
  type: "array",
  minItems: 3,
  items: { anyOf: [text, rendering] },
};
const expression = {
  type: "array",
  minItems: 1,
  maxItems: 1,
  items: closed({ expression: text, id, label: text, color: colour, period }, ["expression"]),
};

const axis = closed({ min: { type: "number" }, label: text, showUnits: { type: "boolean" } }, []);
const properties = {
  text: closed({ markdown: text }, ["markdown"]),
  metric: closed(
    {
      title: text,
      region,
      view: { enum: ["timeSeries", "singleValue", "gauge", "bar", "pie", "table"] },
      stacked: { type: "boolean" },
      period,
      metrics: { type: "array", minItems: 1, maxItems: 500, items: { anyOf: [metric, expression] } },
      yAxis: closed({ left: axis, right: axis }, []),
    },
    ["metrics", "region"],
  ),
  alarm: closed(
    {
      title: text,
      alarms: {
        type: "array",
        minItems: 1,
        maxItems: 100,
        items: { type: "string", pattern: "^arn:[^:]+:cloudwatch:[^:]+:[^:]+:alarm:.+$" },
      },
    },
    ["alarms"],
  ),
  log: closed(
    {
      title: text,
      region,
      query: { type: "string", pattern: "^SOURCE '[^']+' \\| " },
      view: { enum: ["table"] },
    },
    ["query", "region"],
  ),
};

const place = {
  x: { type: "integer", minimum: 0, maximum: 23 },
  y: { type: "integer", minimum: 0 },
  width: { type: "integer", minimum: 1, maximum: 24 },
  height: { type: "integer", minimum: 1, maximum: 1000 },
};

export const dashboardSchema = closed(
  {
    start: relativeTime,
    periodOverride: { enum: ["auto", "inherit"] },
    widgets: {
      type: "array",
      maxItems: 500,
      items: {
        anyOf: Object.entries(properties).map(([type, one]) =>
          closed({ type: { const: type }, ...place, properties: one }, ["type", "properties"]),
        ),
      },
    },
  },
  ["widgets"],
);
