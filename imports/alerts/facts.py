"""The facts that alerts are concluded from. Pure: times are milliseconds, sizes bytes; None where something is not known."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Worker:
    """A worker as its heartbeat tells: `silent_ms` since the latest, `age_ms` since it began.

    `stopped`: its child processes that somebody has halted (SIGSTOP). `is_stopping`: it was asked to end.
    """

    name: str
    silent_ms: int
    age_ms: int | None = None
    queues: tuple[str, ...] = ()
    is_stopping: bool = False
    stopped: int = 0


@dataclass(frozen=True)
class Broker:
    """`answers`: within the time a page may take. `is_full`: it refuses what is to be kept, or is about to."""

    answers: bool = True
    is_full: bool = False


@dataclass(frozen=True)
class Database:
    """`is_locked`: nothing can be written. `read_ms`, `write_ms`: how long the latest read and the slowest heartbeat took;
    `lock_ms`: how old the oldest statement is that waits for a lock."""

    is_locked: bool = False
    read_ms: int = 0
    write_ms: int = 0
    lock_ms: int = 0


@dataclass(frozen=True)
class Service:
    """WhatTalk as an account finds it, by what senders have reported.

    `waiting_ms`: how long the oldest unanswered request is under way; `quiet_ms`: since anything was answered. `answers`,
    `mean_ms`, `limited`: of the last seconds. `usual_ms`: how long an answer takes when all is well. `paused_ms`: for how
    long the service asked everybody to wait. `failures`: so many of the latest requests in a row failed, 0 where the last
    was made long ago. `is_left_alone`: the breaker is open; `timed_out_ms`: since a request got no
    answer in time, None where something was answered after it. `problem`: `Account.problem`.
    """

    account: str
    problem: str = ""
    waiting_ms: int = 0
    quiet_ms: int | None = None
    answers: int = 0
    mean_ms: float = 0
    usual_ms: float = 0
    limited: int = 0
    is_limiting: bool = False
    paused_ms: int = 0
    rate: float = 0
    failures: int = 0
    is_left_alone: bool = False
    next_try_ms: int = 0
    timed_out_ms: int | None = None


@dataclass(frozen=True)
class Mail:
    """`server_error`: what came of the latest look at the mail server, '' when it answers. `failing`: mails that wait because the
    server could not be used; `error`: of the latest of them."""

    server_error: str = ""
    failing: int = 0
    error: str = ""


@dataclass(frozen=True)
class Machine:
    """Free and whole bytes of the disk that files lie on, and of memory."""

    name: str
    disk_free: int | None = None
    memory_free: int | None = None
    memory_total: int | None = None


@dataclass(frozen=True)
class StillImport:
    """An import with work that is due, of which nothing has moved for `still_ms`. `is_sending`, or else it is being checked."""

    pk: int
    file_name: str
    still_ms: int
    is_sending: bool = True
    account: str = ""


@dataclass(frozen=True)
class Facts:
    """`queues`: those that somebody must read. `dispatcher_ms`: since work that is due was last looked for.
    `since_moved_ms`: since a row of any import that is being sent last moved."""

    workers: tuple[Worker, ...] = ()
    queues: tuple[str, ...] = ()
    broker: Broker = field(default_factory=Broker)
    database: Database = field(default_factory=Database)
    services: tuple[Service, ...] = ()
    mail: Mail = field(default_factory=Mail)
    machines: tuple[Machine, ...] = ()
    dispatcher_ms: int | None = None
    imports: tuple[StillImport, ...] = ()
    since_moved_ms: int | None = None
    disk_floor: int = 0
    dispatch_ms: int = 10_000
