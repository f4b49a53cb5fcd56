"""The wireshape command: parsing, wiring and exit codes; no logic."""
