"""Our Pulumi provider plugin: OpsGenie's objects and the bridge's bundle."""
