"""When somebody should hear from Rondo: thresholds, working time and one pure evaluator per rule family."""
