"""People who exist nowhere else, and how to find a trace of them in bytes, however it is written."""

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from urllib.parse import quote

from msgspec import Struct

from shared.events.submissions import ComplaintSubmission, Customer
from tests.builders import submissions


class Person(Struct, frozen=True):
    """What identifies a customer, and words that only this customer says. `number` is the phone number without its country."""

    customer: Customer
    number: str
    order_number: str
    words: str
    lang: str

    def values(self) -> tuple[str, ...]:
        """Everything that may be readable nowhere."""
        who = self.customer
        return (who.name, who.phone, self.number, who.account, who.handle, who.email, who.address, self.order_number, self.words)  # fmt: skip

    def complaint(self, source_id: str, **given: object) -> ComplaintSubmission:
        """A complaint of this person, in which everything is said once more in the text."""
        said = f"{self.words} {self.customer.name} {self.number} {self.customer.address} {self.order_number}"
        text = {"zh": f"宽带断了两天没人管，{said}，再不修我就投诉到工信部！", "en": f"Refund my bill: {said}"}[
            self.lang
        ]
        fields = {"customer": self.customer, "order_number": self.order_number, "text": text, "lang": self.lang}
        return submissions.complaint(source_id=source_id, **(fields | given))


ZH: Final = Person(
    Customer(
        account="KHX7745120983", phone="13764209518", handle="潜水艇爱好者七七", name="欧阳紫檀", email="zitan.ouyang@planted.example",
        address="湖州市吴兴区紫藤巷九十七弄三号",
    ),
    "13764209518", "KD9920371846", "鹦鹉螺潜水艇牌猫头鹰", "zh",
)  # fmt: skip
EN: Final = Person(
    Customer(
        account="QX-5520917-44", phone="+1 415-555-0148", handle="@quillfeather_1881", name="Thaddeus Quillfeather",
        email="quill@planted.example", address="97 Wisteria Hollow Lane, Apt 5",
    ),
    "4155550148", "ORD-88120457-B", "marmalade zeppelin", "en",
)  # fmt: skip
NOTES: Final = ("客户说他家鸵鸟蛋壳风铃响个不停", "mentions the rhubarb telescope upstairs")
VALUES: Final = tuple(dict.fromkeys((*ZH.values(), *EN.values(), *NOTES)))


def written(value: str) -> frozenset[bytes]:
    """`value` in lower case as UTF-8, escaped for JSON and for addresses; as base64, exactly, wherever in it `value` begins."""
    raw = value.encode()
    plain = {value, value.encode("unicode_escape").decode(), quote(value, safe="")}
    return frozenset(one.lower().encode() for one in plain) | {
        form.encode() for shift in range(3) for form in _base64(raw, shift)
    }


def _base64(raw: bytes, shift: int) -> tuple[str, str]:
    """The characters that depend on nothing but `raw`, where `shift` bytes go before it; in both alphabets."""
    whole = b64encode(b"\0" * shift + raw).decode()
    first = -(-shift * 8 // 6)
    last = (shift + len(raw)) * 8 // 6
    return whole[first:last], whole[first:last].replace("+", "-").replace("/", "_")


_FORMS: Final = {value: written(value) for value in VALUES}


def traces(places: Mapping[str, Iterable[bytes]], values: Sequence[str] = VALUES) -> list[str]:
    """`place: value` for each of `values` that is found there in any form."""
    found: set[str] = set()
    for place, contents in places.items():
        for content in contents:
            lowered = content.lower()
            found |= {
                f"{place}: {value}"
                for value in values
                if any(form in lowered or form in content for form in _FORMS[value])
            }
    return sorted(found)
