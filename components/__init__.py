"""Pulumi components: plain resources in, SDK resources out."""
