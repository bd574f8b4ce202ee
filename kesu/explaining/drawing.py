"""An explanation drawn for a terminal: the text with its evidence, what was concluded and why, every rule, and what to say."""

from collections.abc import Iterator
from typing import Final

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from kesu.explaining.marked import DENIED, STYLES, marked, superscript, weight
from services.routing.explaining.shown import Conclusion, Decisions, Explanation, ShownMark, ShownRule
from shared.events.envelope import Language

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "text": ("投诉原文与依据", "The text and its evidence"),
    "masked": ("原文未显示：只有证据的位置（出示查看密钥才能看原文）", "The words are not shown, only where evidence stands (they need the reveal key)"),
    "erased": ("客户已被抹除：只剩证据的位置", "The customer was erased: only where evidence stood"),
    "none": ("没有保存原文", "There is no text"),
    "denied": ("否定或转述，不计", "denied or somebody else's words: does not count"),
    "concluded": ("结论", "Concluded"), "why": ("理由", "Why"), "rules": ("规则：采用 ✔ 与落选 ○", "Rules: decided ✔, lost ○"),
    "lost": ("已由「{}」决定", "decided by {}"), "saw": ("看到", "saw"), "history": ("客户历史", "Known of the customer"),
    "tactics": ("怎么谈", "How to talk"), "avoid": ("避免", "Avoid"), "articles": ("手边的条文", "Articles at hand"),
    "pack": ("策略包", "Policy pack"), "revision": ("第 {} 次决定", "Decision {}"), "unknown": ("规则原文不在手边", "its texts are not at hand"),
    "control": ("控制流位置", "control offset"), "because": ("起因", "because of"),
}  # fmt: skip


class Drawing:
    """Draws in one language; `brief` leaves the rules out."""

    def __init__(self, lang: Language, *, brief: bool = False) -> None:
        self._lang, self._brief = lang, brief

    def decisions(self, one: Decisions) -> Iterator[RenderableType]:
        """Every decision, the latest last."""
        for explained in one.revisions:
            if len(one.revisions) > 1:
                yield Text(
                    f"{self._w('revision', explained.revision)} · {self._w('because')} {explained.because}",
                    style="bold reverse",
                )
            yield from self._explanation(one, explained)

    def _explanation(self, one: Decisions, it: Explanation) -> Iterator[RenderableType]:
        yield Text(it.summary, style="bold")
        yield self._text(one, it.marks)
        yield self._conclusions(it.conclusions)
        if not self._brief:
            yield self._rules(it)
        if it.tactics:
            yield self._tactics(it)
        if it.articles:
            yield self._articles(it)
        yield self._foot(it)

    def _text(self, one: Decisions, marks: tuple[ShownMark, ...]) -> RenderableType:
        if one.text_state == "revealed":
            body = marked(one.text, marks)
        else:
            body = Text(self._w(one.text_state), style="italic")
        legend = Table.grid(padding=(0, 2))
        places = {mark.number: [one for one in marks if one.number == mark.number] for mark in marks}
        for cells in _in_columns([self._mark(signs) for signs in places.values()], 2):
            legend.add_row(*cells)
        return Panel(
            Group(body, Text(), legend) if marks else body,
            title=self._w("text"),
            title_align="left",
            border_style="cyan",
        )

    def _mark(self, signs: list[ShownMark]) -> Text:
        """One place of the text, and everything it is a sign of."""
        first = min(signs, key=lambda one: (one.denied, weight(one.group)))
        shown = Text(f"{superscript(first.number)} ", style="bold")
        words = first.words or f"[{first.start}–{first.end})"
        shown.append(words, style=DENIED if first.denied else STYLES[first.group])
        shown.append(f" {self._listed(tuple(one.says for one in signs if not one.denied))}")
        denied = tuple(one.says for one in signs if one.denied)
        if denied:
            shown.append(f" {self._listed(denied)} ({self._w('denied')})", style="dim")
        return shown

    def _conclusions(self, conclusions: tuple[Conclusion, ...]) -> RenderableType:
        table = Table(
            box=box.SIMPLE_HEAD,
            pad_edge=False,
            title=self._w("concluded"),
            title_justify="left",
            title_style="bold cyan",
        )
        table.add_column("", style="dim", no_wrap=True)
        table.add_column(self._w("concluded"), style="bold", overflow="fold")
        table.add_column(self._w("why"), overflow="fold")
        for one in conclusions:
            why = Text(self._joined(one.why))
            if one.marks:
                why.append("  " + " ".join(map(superscript, one.marks)), style="bold")
            table.add_row(one.label, Text(one.says), why)
        return table

    def _rules(self, it: Explanation) -> RenderableType:
        root = Tree(Text(self._w("rules"), style="bold cyan"), guide_style="dim")
        for table in it.tables:
            branch = root.add(Text(f"{table.question}", style="bold").append(f"  {table.table}", style="dim"))
            says = {rule.rule: rule.says for rule in table.rules}
            for rule in table.rules:
                branch.add(self._rule(rule, says))
        return root

    def _rule(self, rule: ShownRule, says: dict[str, str]) -> Text:
        shown = Text("✔ " if rule.won else "○ ", style="green" if rule.won else "yellow")
        points = "" if rule.points is None else f" {rule.points:+d}"
        shown.append(f"{rule.says}{points}", style="default" if rule.won else "dim")
        shown.append(f"  {rule.rule}", style="dim")
        if rule.lost_to:
            shown.append(f"  — {self._w('lost', says.get(rule.lost_to, rule.lost_to))}", style="yellow")
        if rule.when:
            shown.append(f"\n  {rule.when}", style="dim italic")
        if rule.saw:
            shown.append(f"\n  {self._w('saw')} {self._joined(tuple(fact.says for fact in rule.saw))}", style="cyan")
        return shown

    def _tactics(self, it: Explanation) -> RenderableType:
        parts: list[RenderableType] = []
        for number, one in enumerate(it.tactics, start=1):
            parts.append(Text(f"{number}. {one.name}", style="bold").append(f"  {one.step} · {one.fit}", style="dim"))
            parts.append(Padding(Text(one.say, style="green"), (0, 0, 0, 3)))
            parts.append(Padding(Text(f"{self._w('avoid')}: {one.avoid}", style="red"), (0, 0, 0, 3)))
        return Panel(Group(*parts), title=self._w("tactics"), title_align="left", border_style="green")

    def _articles(self, it: Explanation) -> RenderableType:
        parts: list[RenderableType] = []
        title = ""
        for one in it.articles:
            if one.title != title:
                title = one.title
                parts.append(Text(title, style="bold").append(f"  {one.cited} {one.source}".rstrip(), style="dim"))
            said = Text("· ").append(f"{one.number} " if one.number else "", style="bold").append(one.says)
            parts.append(
                Padding(said.append(f"  [{one.caution}]" if one.caution else "", style="yellow"), (0, 0, 0, 2))
            )
        return Panel(Group(*parts), title=self._w("articles"), title_align="left", border_style="blue")

    def _foot(self, it: Explanation) -> Text:
        pack = it.pack
        name = f"{pack.title} ({pack.name})" if pack.known else self._w("unknown")
        foot = Text(f"{self._w('pack')} {name} {pack.content_hash}", style="dim")
        if it.control_offset is not None:
            foot.append(f" · {self._w('control')} {it.control_offset}")
        if it.history:
            foot.append(f"\n{self._w('history')} {self._joined(tuple(fact.says for fact in it.history))}")
        return foot

    def _w(self, key: str, *given: object) -> str:
        return _WORDS[key][self._lang == "en"].format(*given)

    def _listed(self, parts: tuple[str, ...]) -> str:
        return ("、" if self._lang == "zh" else ", ").join(dict.fromkeys(parts))

    def _joined(self, parts: tuple[str, ...]) -> str:
        return ("；" if self._lang == "zh" else "; ").join(parts)


def _in_columns(cells: list[Text], columns: int) -> Iterator[list[Text]]:
    for start in range(0, len(cells), columns):
        yield cells[start : start + columns]
