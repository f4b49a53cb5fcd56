"""Rules, findings and reports: what every job comes to."""
