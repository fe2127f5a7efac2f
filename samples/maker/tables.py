"""The three statutory tables as grids of cells, in the layouts and wordings that publishers use."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from .printing import Truth
from .values import BLOCKS, COLUMNS, OUTCOMES


@dataclass(frozen=True)
class GridCell:
    """A cell of a grid: position and spans, the text, and the form's code where it shows a value."""

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1
    code: str = ""
    head: bool = False


@dataclass
class Grid:
    """A table to print: cells in reading order, and the relative widths of its columns."""

    table: str
    widths: list[float]
    cells: list[GridCell] = field(default_factory=list)

    @property
    def n_rows(self) -> int:
        """Number of grid rows."""
        return max(c.row + c.row_span for c in self.cells)

    def add(self, row: int, column: int, text: str, rs: int = 1, cs: int = 1, code: str = "") -> None:
        """Add a cell; one without a code is a head or a label."""
        self.cells.append(GridCell(row, column, text, rs, cs, code, head=not code))


@dataclass(frozen=True)
class Wording:
    """How one report words and lays out its tables; `pick` holds the chosen variant of each label."""

    pick: dict[str, str]
    group_rows: bool = True
    """Whether 第二十条第（一）项 stands in a row of its own; otherwise at the left of its block."""
    split: bool = False
    """Whether the blocks of the proactive table are tables of their own."""
    applicant_head: bool = True
    """Whether the head row 申请人情况 is there."""
    empty_columns: int = 0
    """Columns without content at the right, as converters leave them."""
    extra_row: bool = False
    extra_column: bool = False
    """Something the form does not have: a row 其他主动公开文件, a column 历史累计 (proactive, edition 2019)."""


VARIANTS: dict[str, tuple[str, ...]] = {
    "规章": ("规章", "规章", "规 章", "规  章"),
    "行政规范性文件": ("行政规范性文件", "行政规范性文件", "规范性文件"),
    "规范性文件": ("规范性文件", "规范性文件", "行政规范性文件"),
    "现行有效件数": ("现行有效件数", "现行有效件数", "现行有效\n件数", "现行有效件数（历史累计）"),
    "本年制发件数": ("本年制发件数", "本年制发件数", "本年制发\n件数"),
    "本年处理决定数量": ("本年处理决定数量", "本年处理决定数量", "本年处理绝对数量"),
    "处理决定数量": ("处理决定数量", "处理决定数量", "本年处理决定数量"),
    "上一年项目数量": ("上一年项目数量", "上一年项目数量", "上一年项目\n数量", "上一年项目数量（指上年末事项数）"),
    "本年新制作数量": ("本年新制作数量", "本年新制作数量", "本年新\n制作数量"),
    "本年新公开数量": ("本年新公开数量", "本年新公开数量", "本年新\n公开数量"),
    "本年增/减": ("本年增/减", "本年增/减", "本年增／减", "本年增减"),
    "自然人": ("自然人", "自然人", "自然人", "自然 人", "自然\n人"),
    "商业企业": ("商业企业", "商业企业", "商业\n企业", "商业 企业"),
    "科研机构": ("科研机构", "科研机构", "科研\n机构", "科研 机构"),
    "社会公益组织": ("社会公益组织", "社会公益\n组织", "社会公 益组织"),
    "法律服务机构": ("法律服务机构", "法律服务\n机构", "法律服 务机构"),
    "总计": ("总计", "总计", "总计", "总 计", "合计"),
    "上年结转": ("二、上年结转政府信息公开申请数量", "二、上年结转政府信息公开申请数量", "二、上年结转政府信息公开数量"),
    "勾稽": (
        "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）",
        "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）",
        "(本列数据的勾稽关系为:第一项加第二项之和,等于第三项加第四项之和)",
        "",
    ),
    "引号": ("“三安全一稳定”", "“三安全一稳定”", '"三安全一稳定"', "三安全一稳定"),
    "点": (".", ".", "．", "、"),
    "条": ("第二十条第（{}）项", "第二十条第（{}）项", "第二十条 第（{}）项", "第二十条  第({})项"),
    "结果维持": ("结果维持", "结果维持", "结果\n维持", "结 果 维 持"),
    "尚未审结": ("尚未审结", "尚未审结", "尚未\n审结"),
    "其他结果": ("其他结果", "其他结果", "其他\n结果"),
    "收费": ("本年收费金额（单位：万元）", "本年收费金额（单位：万元）", "本年收费金额(单位:万元)", "本年收费金额（万元）"),
    "信息内容": ("信息内容", "信息内容", "信息\n内容"),
    "办理结果": ("三、本年度办理结果", "三、本年度办理结果", "三、本年度\n办理结果", "三、本年度办理 结果"),
    "括号": ("（{}）", "（{}）", "（{}）", "({})", "（{})"),
}  # fmt: skip

_GROUPS = (
    ("三", "不予公开", ("属于国家秘密", "其他法律行政法规禁止公开", "危及{引号}", "保护第三方合法权益",
                    "属于三类内部事务信息", "属于四类过程性信息", "属于行政执法案卷", "属于行政查询事项")),
    ("四", "无法提供", ("本机关不掌握相关政府信息", "没有现成信息需要另行制作", "补正后申请内容仍不明确")),
    ("五", "不予处理", ("信访举报投诉类申请", "重复申请", "要求提供公开出版物", "无正当理由大量反复申请",
                    "要求行政机关确认或重新出具已获取信息")),
    ("六", "其他处理", ("申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
                    "申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请", "其他")),
)  # fmt: skip
_GROUP_CODES = {"三": "denied", "四": "unable", "五": "not_processed", "六": "other"}
_MEMBERS = {
    "三": ("state_secret", "prohibited_by_law", "three_securities_one_stability", "third_party_rights",
          "internal_affairs", "process_information", "enforcement_files", "administrative_query"),
    "四": ("not_held", "needs_creation", "unclear_after_correction"),
    "五": ("petition_complaint", "repeated", "publications", "excessive", "confirm_or_reissue"),
    "六": ("no_correction_in_time", "fee_unpaid_in_time", "other"),
}  # fmt: skip


def official() -> Wording:
    """Return the wording and layout of the official form."""
    return Wording(pick={name: variants[0] for name, variants in VARIANTS.items()})


def random_wording(rng: Random, yuan_head: bool = False) -> Wording:
    """Return a wording drawn from the variants that real reports show."""
    pick = {name: rng.choice(variants) for name, variants in VARIANTS.items()}
    if yuan_head:
        pick["收费"] = rng.choice(("本年收费金额（单位：元）", "本年收费金额（元）"))
    return Wording(
        pick=pick,
        group_rows=rng.random() < 0.85,
        split=rng.random() < 0.12,
        applicant_head=rng.random() < 0.9,
        empty_columns=rng.randint(2, 12) if rng.random() < 0.06 else 0,
    )


def make_tables(edition: str, cells: dict[str, Truth], wording: Wording) -> dict[str, list[Grid]]:
    """Return the grids of each statutory table; a table whose cells are all missing gets no grid."""
    grids = {
        "proactive": _proactive(edition, cells, wording),
        "requests": [_requests(edition, cells, wording)],
        "review_and_litigation": [_reviews(cells, wording)],
    }
    seen = {c.code for gs in grids.values() for g in gs for c in g.cells if c.code}
    present = {code for code, truth in cells.items() if truth.status != "missing"}
    if not present <= seen:
        raise ValueError(f"cells without a place in the tables: {sorted(present - seen)[:5]}")
    for table, members in grids.items():
        if not any(c.code in present for g in members for c in g.cells):
            grids[table] = []
    return grids


_BLOCKS_2021 = (
    ("一", ("本年制发件数", "本年废止件数", "现行有效件数"),
     (("规章", "regulations"), ("行政规范性文件", "normative_documents")), ("issued", "repealed", "in_force")),
    ("五", ("本年处理决定数量",), (("行政许可", "licensing"),), ("decisions",)),
    ("六", ("本年处理决定数量",), (("行政处罚", "penalties"), ("行政强制", "coercion")), ("decisions",)),
    ("八", ("收费",), (("行政事业性收费", "fees"),), ("amount",)),
)  # fmt: skip
_ITEMS = ("items_last_year", "items_change", "decisions")
_ITEM_HEADS = ("上一年项目数量", "本年增/减", "处理决定数量")
_BLOCKS_2019 = (
    ("一", ("本年新制作数量", "本年新公开数量", "对外公开总数量"),
     (("规章", "regulations"), ("规范性文件", "normative_documents")), ("made", "disclosed", "total_disclosed")),
    ("五", _ITEM_HEADS, (("行政许可", "licensing"), ("其他对外管理服务事项", "other_services")), _ITEMS),
    ("六", _ITEM_HEADS, (("行政处罚", "penalties"), ("行政强制", "coercion")), _ITEMS),
    ("八", _ITEM_HEADS[:2], (("行政事业性收费", "fees"),), _ITEMS[:2]),
    ("九", ("采购项目数量", "采购总金额"), (("政府集中采购", "procurement"),), ("items", "amount")),
)  # fmt: skip


def _proactive(edition: str, cells: dict[str, Truth], wording: Wording) -> list[Grid]:
    left = 0 if wording.group_rows else 1
    extra = 1 if wording.extra_column else 0
    widths = [0.9] * left + [2.2, 1.3, 1.3, 1.3] + [1.2] * extra
    grids = [Grid("proactive", list(widths))]
    row = 0
    for block in _BLOCKS_2021 if edition == "2021" else _BLOCKS_2019:
        if wording.split and row:
            grids.append(Grid("proactive", list(widths)))
            row = 0
        row = _block(grids[-1], row, block, cells, wording)
    for grid in grids:
        _pad(grid, wording)
    return grids


def _block(grid: Grid, row: int, block: tuple, cells: dict[str, Truth], wording: Wording) -> int:  # type: ignore[type-arg]
    article, heads, members, fields = block
    pick = wording.pick
    label = pick["条"].format(article)
    left = 0 if wording.group_rows else 1
    extra = wording.extra_row and article == "一"
    width = 3 + (1 if wording.extra_column else 0)
    if wording.group_rows:
        grid.add(row, 0, label, cs=1 + width)
        row += 1
    else:
        grid.add(row, 0, label, rs=1 + len(members) + extra)
    grid.add(row, left, pick["信息内容"])
    three = article == "一"
    spans = _spans(len(heads), 3 if three or not wording.extra_column else width)
    _line(grid, row, left + 1, [pick.get(h, h) for h in heads], spans)
    if three and wording.extra_column:
        grid.add(row, left + 4, "历史累计")
    for member, code in members:
        row += 1
        grid.add(row, left, pick.get(member, member))
        column = left + 1
        for name, span in zip(fields, spans, strict=True):
            full = f"proactive.{code}.{name}"
            grid.add(row, column, cells[full].raw, cs=span, code=full)
            column += span
        if three and wording.extra_column:
            grid.add(row, left + 4, str(17 + row), code="extra")
    if extra:
        row += 1
        grid.add(row, left, "其他主动公开文件")
        for column in range(width):
            grid.add(row, left + 1 + column, str(5 + column), code="extra")
    return row + 1


def _spans(n: int, width: int) -> list[int]:
    """Spans of `n` cells that fill `width` columns, the last one taking the rest."""
    return [1] * (n - 1) + [width - n + 1]


def _line(grid: Grid, row: int, column: int, texts: list[str], spans: list[int]) -> None:
    for text, span in zip(texts, spans, strict=True):
        grid.add(row, column, text, cs=span)
        column += span


def _requests(edition: str, cells: dict[str, Truth], wording: Wording) -> Grid:
    pick = wording.pick
    grid = Grid("requests", [0.7, 1.2, 3.6, 1, 1, 1, 1, 1, 1, 1])
    top = 1 if wording.applicant_head else 0
    grid.add(0, 0, pick["勾稽"], rs=2 + top, cs=3)
    if top:
        grid.add(0, 3, "申请人情况", cs=7)
    grid.add(top, 3, pick["自然人"], rs=2)
    grid.add(top, 4, "法人或其他组织", cs=5)
    grid.add(top, 9, pick["总计"], rs=2)
    for index, name in enumerate(("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")):
        grid.add(top + 1, 4 + index, pick.get(name, name))
    row = top + 2
    row = _request_row(grid, row, 0, "一、本年新收政府信息公开申请数量", "new", cells)
    row = _request_row(grid, row, 0, pick["上年结转"], "carried_in", cells)
    first = row
    position = len(grid.cells)
    bracket = pick["括号"].format
    row = _request_row(grid, row, 1, bracket("一") + "予以公开", "granted", cells)
    label = bracket("二") + "部分公开（区分处理的，只计这一情形，不计其他情形）"
    row = _request_row(grid, row, 1, label, "partially_granted", cells)
    for ordinal, name, members in _GROUPS:
        row = _group(grid, row, ordinal, name, members, edition, cells, wording)
    row = _request_row(grid, row, 1, bracket("七") + "总计", "results_total", cells)
    grid.cells.insert(position, GridCell(first, 0, pick["办理结果"], row - first, 1, head=True))
    _request_row(grid, row, 0, "四、结转下年度继续办理", "carried_out", cells)
    _pad(grid, wording)
    return grid


def _group(
    grid: Grid, row: int, ordinal: str, name: str, members: tuple[str, ...], edition: str,
    cells: dict[str, Truth], wording: Wording,
) -> int:  # fmt: skip
    pick = wording.pick
    title = pick["括号"].format(ordinal) + name
    if edition == "2019" and ordinal == "六":
        return _request_row(grid, row, 1, title, "other", cells)
    codes = [f"{_GROUP_CODES[ordinal]}.{m}" for m in _MEMBERS[ordinal]]
    present = [i for i, c in enumerate(codes) if cells[f"requests.{c}.total"].status != "missing"]
    if not present:
        return row
    grid.add(row, 1, title, rs=len(present))
    for index in present:
        text = f"{index + 1}{pick['点']}{members[index].format(**pick)}"
        row = _request_row(grid, row, 2, text, codes[index], cells)
    return row


def _request_row(grid: Grid, row: int, column: int, label: str, code: str, cells: dict[str, Truth]) -> int:
    if cells[f"requests.{code}.total"].status == "missing":
        return row
    grid.add(row, column, label, cs=3 - column)
    for index, name in enumerate((*COLUMNS, "total")):
        full = f"requests.{code}.{name}"
        grid.add(row, 3 + index, cells[full].raw, code=full)
    return row + 1


def _reviews(cells: dict[str, Truth], wording: Wording) -> Grid:
    pick = wording.pick
    grid = Grid("review_and_litigation", [1.0] * 15)
    heads = [pick["结果维持"], "结果纠正", pick["其他结果"], pick["尚未审结"], pick["总计"]]
    grid.add(0, 0, "行政复议", cs=5)
    grid.add(0, 5, "行政诉讼", cs=10)
    for index, head in enumerate(heads):
        grid.add(1, index, head, rs=2)
    grid.add(1, 5, "未经复议直接起诉", cs=5)
    grid.add(1, 10, "复议后起诉", cs=5)
    for index, head in enumerate(heads * 2):
        grid.add(2, 5 + index, head)
    for block, name in enumerate(BLOCKS):
        for index, outcome in enumerate((*OUTCOMES, "total")):
            code = f"{name}.{outcome}"
            grid.add(3, block * 5 + index, cells[code].raw, code=code)
    _pad(grid, wording)
    return grid


def _pad(grid: Grid, wording: Wording) -> None:
    """Add empty columns at the right, one cell over all rows each."""
    n_rows = grid.n_rows
    for _ in range(wording.empty_columns):
        grid.widths.append(0.05)
        for row in range(n_rows):
            grid.add(row, len(grid.widths) - 1, "")
