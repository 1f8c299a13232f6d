"""Tables of throughput, latency and memory; never part of the test run."""
