"""The case workspace: one page per case."""

from cases.admin.workspace.views import WorkspaceAdmin

__all__ = ["WorkspaceAdmin"]
