"""Programs that measure, each printing the machine, the inputs and the medians."""
