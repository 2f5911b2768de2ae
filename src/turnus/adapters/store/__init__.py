"""Where archived files lie: ``folder``, ``s3``."""

from turnus.adapters.store.folder import FolderStore

__all__ = ["FolderStore"]
