"""A look at the broker that takes less than half a second, whatever state it is in."""

from dataclasses import dataclass, field

from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError, ResponseError

from imports.alerts.facts import Broker

CONNECT, ANSWER = 0.2, 0.3  # seconds; a page must open when the broker is what hangs
FULL = 0.95  # of the memory it may take
PROBE_KEY = "rowcall:can-write"


@dataclass(frozen=True)
class BrokerLook:
    """`depths`: messages that wait for a worker, by queue; None when the broker does not answer at once."""

    facts: Broker
    depths: dict[str, int] | None = field(default_factory=dict)
    policy: str = ""


def look(queues: tuple[str, ...]) -> BrokerLook:
    """What the broker says, in one round: whether it takes a message, how much it holds, how it is set."""
    url = settings.BROKER_URL.replace("redis+socket://", "unix://", 1)
    try:
        with Redis.from_url(url, socket_connect_timeout=CONNECT, socket_timeout=ANSWER) as broker:
            asked = broker.pipeline(transaction=False)
            asked.set(PROBE_KEY, 1, ex=60)
            asked.info("memory")
            for queue in queues:
                asked.llen(queue)
            written, memory, *depths = asked.execute(raise_on_error=False)
    except (RedisError, OSError, ValueError):
        return BrokerLook(Broker(answers=False), None)
    if isinstance(memory, Exception) or any(isinstance(depth, Exception) for depth in depths):
        return BrokerLook(Broker(answers=False), None)
    return BrokerLook(
        Broker(is_full=isinstance(written, ResponseError) or _is_nearly_full(memory)),
        dict(zip(queues, depths, strict=True)),
        memory.get("maxmemory_policy", ""),
    )


def _is_nearly_full(memory: dict[str, int]) -> bool:
    limit = memory.get("maxmemory", 0)
    return bool(limit) and memory.get("used_memory", 0) >= FULL * limit
