"""The big-data support system: observations, indicators, detections, the log of all events."""
