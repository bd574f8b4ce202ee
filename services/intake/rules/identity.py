"""Who complains: the identity that a customer's pseudonym is made from (domain section 2, "customer")."""

from msgspec import Struct

from services.intake.model import Refused
from services.intake.rules.phones import e164, region_of
from services.intake.rules.text import one_line
from shared.events.submissions import Customer


class Identity(Struct, frozen=True, kw_only=True):
    """What names the customer within a tenant, the phone number as written down, and whether it could be read."""

    names: str
    phone: str
    phone_readable: bool


def identity_of(customer: Customer, *, source: str, time_zone: str) -> Identity:
    """The account, else the phone number, else the channel's handle; raises Refused where there is none of them.

    A handle counts within its source only: the same handle on two platforms need not be one person.
    """
    account, handle = one_line(customer.account), one_line(customer.handle)
    written = one_line(customer.phone)
    number = e164(written, region_of(time_zone)) if written else None
    phone = number or written
    if account:
        names = f"account:{account.casefold()}"
    elif number:
        names = f"phone:{number}"
    elif handle:
        names = f"handle:{source}:{handle.casefold()}"
    elif written:
        names = f"phone:{written}"
    else:
        raise Refused("customer_missing", path="$.customer")
    return Identity(names=names, phone=phone, phone_readable=bool(number) or not written)
