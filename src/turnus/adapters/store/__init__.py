"""Where archived files lie."""

from turnus.adapters.store.folder import FolderStore

__all__ = ["FolderStore"]
