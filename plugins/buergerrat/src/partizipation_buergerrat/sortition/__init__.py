"""Drawing by lot: quotas and persons in, fair chances and panels out. Pure and deterministic."""
