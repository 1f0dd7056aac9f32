"""Two hosts on one machine: workers in network namespaces of their own, with one database, one broker, one bucket and one service.

settings.py   the environment of such a run
network.py    hosts that can be cut off and joined again
cluster.py    the servers, and the workers of each host
run.py        imports are checked and sent while hosts are cut off and their workers replaced; the service's ledger decides
"""
