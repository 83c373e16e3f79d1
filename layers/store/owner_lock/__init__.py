"""Who may write to a project file: one at a time, whatever the file system's own locks are worth."""

from layers.store.owner_lock.holding import OwnerLock
from layers.store.owner_lock.model import LOCK_ENDING, Owner, lock_path, read_owner
from layers.store.owner_lock.observing import LockWatch, Standing

__all__ = ["LOCK_ENDING", "LockWatch", "Owner", "OwnerLock", "Standing", "lock_path", "read_owner"]
