"""Lets LocalStack 4.5.0 keep the tags that a metric alarm is made with, which it forgets."""

from localstack.services.cloudwatch.models import LocalStackMetricAlarm, cloudwatch_stores


def mend() -> None:
    complete = LocalStackMetricAlarm.set_default_attributes

    def complete_and_tag(metric_alarm):
        complete(metric_alarm)
        tags = metric_alarm.alarm.pop("Tags", None)
        if tags:
            store = cloudwatch_stores[metric_alarm.account_id][metric_alarm.region]
            store.TAGS.tag_resource(metric_alarm.alarm["AlarmArn"], tags)

    LocalStackMetricAlarm.set_default_attributes = complete_and_tag
