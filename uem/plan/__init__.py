"""Plan files on a writer's own machine: found, checked, explained, compared, and carried to a system."""
