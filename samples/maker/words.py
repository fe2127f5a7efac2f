"""Running text of an invented report: title, head, six sections; stated figures agree with the tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from . import phrases as p
from .values import Numbers


@dataclass
class Section:
    """One of the six sections: heading as printed, paragraphs before its table and after it."""

    number: int
    ordinal: str
    """As printed before the heading, such as `一、`; a writer may number automatically instead."""
    title: str
    before: list[str] = field(default_factory=list)

    @property
    def heading(self) -> str:
        """The whole heading as printed."""
        return self.ordinal + self.title


@dataclass
class Words:
    """All running text of a report."""

    agency: str
    year: int
    title: str
    """May hold a line break: the title is printed on several lines."""
    head: list[str]
    sections: list[Section]
    signature: list[str]
    published_on: str = ""
    postcode: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    website: str = ""


def make_agency(rng: Random) -> str:
    """Return an invented agency, such as 青禾市临湖区市场监督管理局."""
    city = rng.choice(p.CITIES) + "市"
    kind = rng.random()
    if kind < 0.15:
        return city + rng.choice(("人民政府", "人民政府办公室"))
    if kind < 0.35:
        return city + rng.choice(p.BUREAUS[:-1])
    if kind < 0.5:
        return city + rng.choice(p.DISTRICTS) + rng.choice(("人民政府", "人民政府办公室"))
    if kind < 0.65:
        town = rng.choice(p.TOWNS)
        return city + rng.choice(p.DISTRICTS) + town + ("" if town.endswith("办事处") else "人民政府")
    if kind < 0.7:
        return f"国家税务总局{city}{rng.choice(p.DISTRICTS)}税务局"
    return city + rng.choice(p.DISTRICTS) + rng.choice(p.BUREAUS[:-1])


def make_words(rng: Random, agency: str, year: int, numbers: Numbers, plain: bool = False) -> Words:
    """Return the text of a report; `plain` takes the official headings and a one-line title."""
    title = (p.TITLES[0] if plain else rng.choice(p.TITLES)).format(a=agency, y=year)
    contact = _contact(rng, agency)
    head = [rng.choice(p.HEAD), rng.choice(p.HEAD_PARTS), rng.choice(p.PERIODS), rng.choice(p.CONTACTS)]
    if rng.random() < 0.5:
        head = ["".join(head)]
    site = rng.choice(p.SITES)
    head[-1] += site
    facts = {"a": agency, "y": year, "w": _we(rng, agency), **contact}
    published = _published(rng, year)
    return Words(
        agency=agency,
        year=year,
        title=title,
        head=[h.format(**facts) for h in head if h],
        sections=_sections(rng, facts, numbers, plain),
        signature=_signature(rng, agency, published),
        published_on=published.isoformat(),
        website=f"www.{contact['host']}.example" if site else "",
        **{k: contact[k] for k in ("postcode", "phone", "email", "address")},
    )


def _contact(rng: Random, agency: str) -> dict[str, str]:
    host = rng.choice(p.HOSTS)
    area = f"030{rng.randint(1, 9)}"
    phone = f"{rng.randint(2, 8)}{rng.randint(100000, 9999999):07d}"[: rng.choice((7, 8))]
    dash = rng.choice(("-", "-", "-", "—"))
    place = agency.removeprefix("国家税务总局").split("市")[0] + "市"
    return {
        "host": host,
        "postcode": f"{rng.randint(980, 999)}{rng.randint(0, 999):03d}",
        "phone": phone if rng.random() < 0.1 else area + dash + phone,
        "email": f"{rng.choice(('zwgk', 'xxgk', 'bgs'))}{rng.randint(1, 99)}@{host}.example",
        "address": f"{place}{rng.choice(p.ROADS)}{rng.randint(1, 280)}号",
    }


def _we(rng: Random, agency: str) -> str:
    own = "我局" if agency.endswith("局") else "我镇" if "镇" in agency else "本机关"
    return rng.choice((own, "本机关", agency))


def _published(rng: Random, year: int) -> date:
    return date(year + 1, 1, 4) + timedelta(days=rng.randint(0, 80))


def _signature(rng: Random, agency: str, published: date) -> list[str]:
    style = rng.random()
    if style < 0.75:
        return [agency, f"{published.year}年{published.month}月{published.day}日"]
    if style < 0.9:
        return [agency, chinese_date(published)]
    return [agency + f"　{published.year}年{published.month}月{published.day}日"]


def chinese_date(day: date) -> str:
    """Return a date such as 二〇二四年一月十六日."""
    digits = "〇一二三四五六七八九"
    year = "".join(digits[int(d)] for d in str(day.year))
    return f"{year}年{_small(day.month)}月{_small(day.day)}日"


def _small(n: int) -> str:
    digits = "〇一二三四五六七八九"
    tens, ones = divmod(n, 10)
    return ("" if tens == 0 else "十" if tens == 1 else digits[tens] + "十") + (digits[ones] if ones else "")


def _sections(rng: Random, facts: dict[str, object], numbers: Numbers, plain: bool) -> list[Section]:
    style = p.ORDINAL_STYLES[0] if plain else rng.choice(p.ORDINAL_STYLES)
    sections = []
    for number in range(1, 7):
        titles = p.HEADINGS[number]
        title = titles[0] if plain else rng.choice(titles)
        sections.append(
            Section(number, ordinal(style, number), title, _body(rng, number, facts, numbers, style))
        )
    if not plain and rng.random() < 0.08:  # publishers do print 一、 twice, or a lone 2、
        sections[1].ordinal = ordinal(rng.choice((style, "{d}、 ")), rng.choice((1, 2)))
    return sections


def ordinal(style: str, number: int) -> str:
    """Return the printed ordinal: `{c}` is 一, `{e}` is ㈠, `{d}` is 1."""
    c, e, d = (o[number - 1] for o in p.ORDINALS)
    return style.format(c=c, e=e, d=d)


def _body(rng: Random, number: int, facts: dict[str, object], numbers: Numbers, style: str) -> list[str]:
    small = {"n": rng.randint(20, 900), "m": rng.randint(2, 19), "k": rng.randint(1, 6)}
    values = {**facts, **small, **_stated(numbers)}
    if number == 1:
        sub = (
            "{i}."
            if style.startswith("（") or "{e}" in style
            else rng.choice(("（{c}）", "（{c}）", "({c})"))
        )
        return _topics(rng, values, sub)
    if number == 5:
        return [rng.choice(p.PROBLEMS).format(**values), rng.choice(p.REMEDIES).format(**values)]
    if number == 6:
        return [s.format(**values) for s in rng.sample(p.OTHERS[:3], rng.randint(1, 2))] + [
            rng.choice(p.OTHERS[3:]).format(**values)
        ]
    text = rng.choice(p.BEFORE_TABLES)
    return [text] if text else []


def _topics(rng: Random, values: dict[str, object], sub: str) -> list[str]:
    paragraphs = []
    for index, (name, sentences) in enumerate(p.TOPICS):
        label = sub.format(c=p.ORDINALS[0][index], i=index + 1)
        text = rng.choice(sentences).format(**values)
        if name == "依申请公开情况" and rng.random() < 0.6:
            text += rng.choice(p.REVIEWS).format(**values)
        paragraphs.append(f"{label}{name}。{text}")
    return paragraphs


def _stated(numbers: Numbers) -> dict[str, int]:
    if "requests.received" in numbers:
        new, done = int(numbers["requests.received"]), int(numbers["requests.concluded"])
        suits = int(numbers["litigation.total"])
        review = int(numbers["review.total"])
        return {"new": new, "carried": 0, "done": done, "out": new - done, "review": review, "suits": suits}
    names = {"new": "new", "carried": "carried_in", "done": "results_total", "out": "carried_out"}
    stated = {k: int(numbers[f"requests.{v}.total"]) for k, v in names.items()}
    stated["review"] = int(numbers["review.total"])
    stated["suits"] = int(numbers["litigation_direct.total"] + numbers["litigation_after_review.total"])
    return stated
