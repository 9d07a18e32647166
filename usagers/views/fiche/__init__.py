"""The fiches usagers, for agents (F01 to F03)."""
