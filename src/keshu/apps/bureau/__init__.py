"""Organisations, people, roles and scopes, the audit trail, attachments, jobs: what every other app stands on."""
