"""What every route needs: who is calling and how much they may, drafting, and the way in."""

import time
from collections.abc import Callable, Sequence
from typing import Final

from msgspec import Struct

from services.intake.answers import Claim
from services.intake.group_commit import GroupCommit, Taken
from services.intake.keys import ApiKeys
from services.intake.model import Accepted, Arrival, Draft, Refused
from services.intake.rules.drafting import Drafting
from services.intake.rules.rates import Bucket, Rate, drawn
from shared.clock import Clock
from shared.events.envelope import Language, Role
from shared.events.submissions import ControlSubmission, FactSubmission, Submission
from shared.problems import Problem

RETRY_AFTER_S_MAX: Final = 3_600


class Caller(Struct, frozen=True):
    """A channel at the door; without keys (loopback only) it has no name, any tenant and any role."""

    channel: str = ""
    tenant: str | None = None
    roles: frozenset[Role] = frozenset()

    def may_speak_for(self, role: Role) -> bool:
        """Whether its key allows `role`; a key that names none allows all."""
        return not self.roles or role in self.roles


_ANYONE: Final = Caller()


class Doors:
    """The HTTP door's parts. `keys` is None where only this machine can call."""

    def __init__(
        self,
        *,
        drafting: Drafting,
        group: GroupCommit,
        clock: Clock,
        keys: ApiKeys | None,
        rate: Rate,
        require_idempotency_key: bool,
        batch_events_max: int,
    ) -> None:
        self._drafting = drafting
        self._group = group
        self._clock = clock
        self._keys = keys
        self._rate = rate
        self._buckets: dict[str, Bucket] = {}
        self.require_idempotency_key = require_idempotency_key
        self.batch_events_max = batch_events_max

    def caller(self, authorization: str | None, api_key: str | None) -> Caller:
        """Who is calling, by `Authorization: Bearer` or `X-API-Key`; raises Problem."""
        if self._keys is None:
            return _ANYONE
        scheme, _, token = (authorization or "").partition(" ")
        key = api_key or (token.strip() if scheme.lower() == "bearer" else "")
        if not key:
            raise Problem("api_key_missing")
        owner = self._keys.owner(key)
        if owner is None:
            raise Problem("api_key_invalid")
        return Caller(owner.channel, owner.tenant, owner.roles)

    def charge(self, caller: Caller, *, events: int) -> None:
        """Count `events` against the channel's rate; raises Problem where it is used up."""
        bucket, wait_s = drawn(self._buckets.get(caller.channel), events, rate=self._rate, now_s=time.monotonic())
        self._buckets[caller.channel] = bucket
        if wait_s:
            raise Problem("rate_limited", retry_after_s=min(RETRY_AFTER_S_MAX, int(wait_s) + 1))

    def draft(self, caller: Caller, type_: str, submission: Submission, *, lang: Language | None = None) -> Draft:
        """The draft of what `caller` submits; raises Refused."""
        if caller.tenant is not None and submission.tenant != caller.tenant:
            raise Refused("tenant_not_allowed", path="$.tenant")
        if isinstance(submission, FactSubmission | ControlSubmission) and not caller.may_speak_for(submission.role):
            raise Refused("role_not_allowed", "this key may not speak for that role", path="$.role")
        return self._drafting.draft(
            Arrival(
                type=type_,
                submission=submission,
                accepted_at=self._clock.now(),
                door="http",
                channel_id=caller.channel,
                lang=lang,
            )
        )

    async def take(
        self,
        drafts: Sequence[Draft],
        *,
        write: Callable[[Sequence[Accepted]], bytes],
        claim: Claim | None = None,
    ) -> Taken:
        """Answers once everything is on the log; raises Problem."""
        return await self._group.take(drafts, write=write, claim=claim)
