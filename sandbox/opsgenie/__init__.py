"""A stand-in for OpsGenie's REST API, as its official Go SDK and Terraform provider use it."""

from sandbox.opsgenie.vendor import OpsGenie

__all__ = ["OpsGenie"]
