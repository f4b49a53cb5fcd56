"""The data of schemas/: endpoints, operations, contracts and invariants."""
