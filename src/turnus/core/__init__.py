"""Pure rules of billing: standard library only, no clock, no I/O. Everything here decides; nothing loads or saves."""
