"""The one list of all metrics: name, unit, kind, labels, and what each means, in Chinese and English.

Names without `kesu.` are those of OpenTelemetry's semantic conventions, with the meaning they have there. Scraped by
Prometheus, a dot becomes an underscore, the unit and (of counters) `_total` are added: see `Metric.prometheus`.
Every series also has the scrape's own labels (`job`, `instance`); `target_info` names the service, once per process.
"""

from typing import Final, Literal, TypeAlias

from msgspec import Struct

Kind: TypeAlias = Literal["counter", "histogram", "gauge", "observed"]
SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
LONG_SECONDS: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0, 3_600.0, 86_400.0)
RECORDS: Final = (1.0, 5.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1_000.0, 1_500.0, 5_000.0)
_UNITS: Final = {"s": "_seconds", "By": "_bytes"}

# Labels. Each has a bounded number of values, and none of them says anything of a person.
DESTINATION: Final = "messaging.destination.name"  # a topic
PARTITION: Final = "messaging.destination.partition.id"
OPERATION: Final = "messaging.operation.name"  # poll, process, publish
ERROR: Final = "error.type"  # the class of an exception, or an HTTP status of 500 and above; absent where all went well
EVENT: Final = "kesu.event.type"  # an event type of the contract: kesu.complaint.received.v1
SEVERITY: Final = "kesu.severity"  # S1 (most serious) to S4
MATTER: Final = "kesu.matter"  # complaint, inquiry, suggestion, praise, noise
STATE: Final = "kesu.state"
KIND: Final = "kesu.kind"  # of a promise: first_response, progress, resolution, callback, regulator_reply
CODE: Final = "kesu.code"  # a reason of the dead letters, or why a service stopped
PART: Final = "kesu.part"  # database, kafka, … ; of what was put off: the log, timers, work alongside
METHOD: Final = "http.request.method"
ROUTE: Final = "http.route"  # the route's template, never the path that was asked for
STATUS: Final = "http.response.status_code"
DB_STATE: Final = "db.client.connection.state"  # idle, used
CPU_MODE: Final = "cpu.mode"  # user, system


class Metric(Struct, frozen=True):
    """One metric. `observed` ones are counters read at scrape time; `services`: those that export it, all where empty."""

    name: str
    kind: Kind
    unit: str
    labels: tuple[str, ...]
    zh: str
    en: str
    buckets: tuple[float, ...] = ()
    services: tuple[str, ...] = ()

    @property
    def prometheus(self) -> str:
        """Its name in Prometheus; of a histogram without `_bucket`, `_sum` and `_count`."""
        name = self.name.replace(".", "_") + _UNITS.get(self.unit, "")
        return f"{name}_total" if self.kind in ("counter", "observed") else name


# Messages: what comes from topics and goes to them. One batch is counted once, however many records it has.
CONSUMED: Final = Metric(
    "messaging.client.consumed.messages", "counter", "{message}", (DESTINATION, PARTITION),
    "从主题读到的记录数（含按类型跳过的）", "records read from topics, those passed over by their type included",
)  # fmt: skip
SENT: Final = Metric(
    "messaging.client.sent.messages", "counter", "{message}", (DESTINATION,),
    "写入主题并得到全部副本确认的记录数", "records written to topics and acknowledged by all in-sync replicas",
)  # fmt: skip
PUBLISH_DURATION: Final = Metric(
    "messaging.client.operation.duration", "histogram", "s", (OPERATION,),
    "一批事件从发送到全部确认的时间", "time from sending a batch of events to the last acknowledgement", SECONDS,
)  # fmt: skip
PROCESS_DURATION: Final = Metric(
    "messaging.process.duration", "histogram", "s", (),
    "处理一批记录的时间：判定、保存、发布、推进位置（推迟者不计）",
    "time to settle one batch: decide, save, publish, move the position (those put off are not in it)", SECONDS,
)  # fmt: skip
BATCH_RECORDS: Final = Metric(
    "kesu.batch.records", "histogram", "{record}", (),
    "每批交给处理程序的记录数", "records per batch that were for the handler", RECORDS,
)  # fmt: skip
HANDLED: Final = Metric(
    "kesu.events.handled", "counter", "{event}", (EVENT,),
    "已处理并推进了位置的事件数，按类型（重复投递会再计一次）", "events handled, position moved, by type; one that is delivered again counts again",
)  # fmt: skip
PUBLISHED: Final = Metric(
    "kesu.events.published", "counter", "{event}", (EVENT,),
    "已发布的事件数，按类型（崩溃后重发会再计一次）", "events published, by type; one published again after a crash counts again",
)  # fmt: skip

# How far behind.
LAG: Final = Metric(
    "kesu.lag.records", "gauge", "{record}", (DESTINATION, PARTITION),
    "分区中尚未处理的记录数（按代理最近一次应答）", "records of the partition not handled yet, by the broker's last answer",
)  # fmt: skip
OLDEST: Final = Metric(
    "kesu.oldest.unhandled.age", "gauge", "s", (),
    "手中最早的未处理记录的年龄；没有则为 0", "age of the oldest record that was read and is not settled; 0 where there is none",
)  # fmt: skip
BEHIND: Final = Metric(
    "kesu.read_through.age", "gauge", "s", (DESTINATION, PARTITION),
    "分区已读透到多久以前：此前受理的一切都已处理", "how long ago the partition is read through to: everything accepted before is handled",
)  # fmt: skip
JUDGED: Final = Metric(
    "kesu.judged_through.age", "gauge", "s", (DESTINATION, PARTITION),
    "分区的定时器可判定到多久以前：此前受理的一切都已收入并读过；接入停了，它就增长，到期而未判的承诺在等",
    "how long ago timers of the partition may be judged up to: everything accepted before is taken in and read; it grows while "
    "intake is away, and promises that fall due wait", services=("followup",),
)  # fmt: skip
GAPS: Final = Metric(
    "kesu.log.gaps", "counter", "{gap}", (DESTINATION,),
    "发现偏移缺失并重读的次数（放弃者见死信 hole_in_the_log）", "offsets missing, looked for again (given up: dead letters, hole_in_the_log)",
)  # fmt: skip
PUT_OFF: Final = Metric(
    "kesu.put_offs", "counter", "{put_off}", (PART, ERROR),
    "“暂时不行”而推迟重试的次数", "failures of the kind “not now”: put off and tried again",
)  # fmt: skip
DEAD_LETTERS: Final = Metric(
    "kesu.dead_letters", "counter", "{letter}", (CODE,),
    "写入死信的记录数，按原因", "records that went to the dead letters, by reason",
)  # fmt: skip

# What Kesu is for. Counted where the facts are published.
DECISIONS: Final = Metric(
    "kesu.decisions", "counter", "{decision}", (SEVERITY, MATTER),
    "定级与分派的判定数", "decisions about complaints", services=("routing",),
)  # fmt: skip
PROMISES: Final = Metric(
    "kesu.promises", "counter", "{promise}", (STATE, KIND),
    "承诺：立下 opened、兑现 kept、续期 renewed、食言 broken、免除 released（结案时的种类未知，为空）",
    "promises opened, kept, renewed, broken, or released (no kind where a closing complaint ended them)", services=("followup",),
)  # fmt: skip
LAPSE_DELAY: Final = Metric(
    "kesu.promise.lapse.delay", "histogram", "s", (),
    "承诺到期到发布食言事实之间的时间（系统时钟）", "time from a promise's due time to the published fact that it was broken, by Kesu's clock",
    LONG_SECONDS, services=("followup",),
)  # fmt: skip
CALLBACKS: Final = Metric(
    "kesu.callbacks", "counter", "{callback}", (STATE,),
    "回访：计划 planned、到窗 requested，及结果 reached、no_answer、busy、refused、wrong_number、cancelled、expired、postponed",
    "callbacks planned, requested (window open), and settled: reached, no_answer, busy, refused, wrong_number, "
    "cancelled, expired, postponed", services=("followup",),
)  # fmt: skip

# HTTP, database, process.
HTTP_DURATION: Final = Metric(
    "http.server.request.duration", "histogram", "s", (METHOD, ROUTE, STATUS, ERROR),
    "HTTP 请求的时间", "duration of HTTP requests", SECONDS,
)  # fmt: skip
DB_CONNECTIONS: Final = Metric(
    "db.client.connection.count", "gauge", "{connection}", (DB_STATE,),
    "连接池中的连接数", "connections of the pool, by state",
)  # fmt: skip
DB_CONNECTIONS_MAX: Final = Metric(
    "db.client.connection.max", "gauge", "{connection}", (),
    "连接池的连接上限", "the most connections the pool may have",
)  # fmt: skip
READY: Final = Metric(
    "kesu.ready", "gauge", "1", (),
    "能接受工作为 1，否则为 0", "1 where the instance can take work, else 0",
)  # fmt: skip
MISSING: Final = Metric(
    "kesu.missing", "gauge", "1", (PART,),
    "未就绪时所缺的部分，各为 1", "1 for each part that the instance lacks to be ready",
)  # fmt: skip
STOPPED: Final = Metric(
    "kesu.stopped", "gauge", "1", (CODE,),
    "服务因此原因停止（退出前可见），平时没有此序列", "why the service is stopping, seen until the process ends; no series while all is well",
)  # fmt: skip
CPU: Final = Metric(
    "process.cpu.time", "observed", "s", (CPU_MODE,),
    "进程用去的 CPU 时间", "CPU time the process has used",
)  # fmt: skip
MEMORY: Final = Metric(
    "process.memory.usage", "gauge", "By", (),
    "进程占用的物理内存", "physical memory the process uses",
)  # fmt: skip
FILES: Final = Metric(
    "process.unix.file_descriptor.count", "gauge", "{file_descriptor}", (),
    "进程打开的文件描述符数", "file descriptors the process has open",
)  # fmt: skip
UPTIME: Final = Metric(
    "process.uptime", "gauge", "s", (),
    "进程运行的时间", "how long the process runs",
)  # fmt: skip

METRICS: Final = (
    CONSUMED, SENT, PUBLISH_DURATION, PROCESS_DURATION, BATCH_RECORDS, HANDLED, PUBLISHED,
    LAG, OLDEST, BEHIND, JUDGED, GAPS, PUT_OFF, DEAD_LETTERS,
    DECISIONS, PROMISES, LAPSE_DELAY, CALLBACKS,
    HTTP_DURATION, DB_CONNECTIONS, DB_CONNECTIONS_MAX, READY, MISSING, STOPPED, CPU, MEMORY, FILES, UPTIME,
)  # fmt: skip
