"""Lets LocalStack 4.5.0 export the deployment that a stage has.

It exports the API as it is at the moment, whichever deployment the stage points at, and fails where a method has no
responses or models.
"""

from localstack.services.apigateway.exporter import _OpenApiOAS30Exporter
from localstack.services.apigateway.models import apigateway_stores


def mend() -> None:
    export = _OpenApiOAS30Exporter.export
    add_paths = _OpenApiOAS30Exporter._add_paths

    def export_stage(exporter, api_id, stage, export_format, with_extension, account_id, region_name):
        store = apigateway_stores[account_id][region_name]
        deployment = store.active_deployments[api_id.lower()][stage]
        exporter.deployed = store.internal_deployments[api_id.lower()][deployment].rest_api.resources
        return export(exporter, api_id, stage, export_format, with_extension, account_id, region_name)

    def add_deployed_paths(exporter, spec, resources, with_extension):
        items = [without_gaps(resource) for resource in exporter.deployed.values()]
        for item in items:
            for method in item["resourceMethods"].values():
                method.setdefault("methodResponses", {})
        add_paths(exporter, spec, {"items": items}, with_extension)

    _OpenApiOAS30Exporter.export = export_stage
    _OpenApiOAS30Exporter._add_paths = add_deployed_paths


def without_gaps(value):
    """What is None is left out, at every depth."""
    if not isinstance(value, dict):
        return value
    return {key: without_gaps(one) for key, one in value.items() if one is not None}
