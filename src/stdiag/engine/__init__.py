"""Plan, run, judge together, verdict: the way from a site to a report."""
