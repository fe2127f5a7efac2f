"""Sentences of an invented report's own: put together from many parts, so that no two reports share one unless it is planted."""

from __future__ import annotations

from random import Random

_WHO = [
    "综合科",
    "法制股",
    "档案室",
    "信息中心",
    "办事大厅",
    "督查组",
    "宣传岗",
    "窗口负责人",
    "值班小组",
    "分管领导",
    "业务骨干",
    "联络员",
    "政策研究室",
    "服务专班",
    "行政办",
    "热线座席",
    "网管员",
    "法律顾问",
    "志愿者队",
    "监督员",
]
_WHEN = [
    "年初",
    "汛期前",
    "三月下旬",
    "入夏以来",
    "第二季度",
    "暑期",
    "秋收时节",
    "十月中旬",
    "第四季度",
    "岁末",
    "换届之后",
    "清明前后",
    "每逢周三",
    "开学季",
    "雨季",
    "供暖季",
    "节假日",
    "试点期间",
    "月末",
    "改版当天",
]
_DID = [
    "逐条核对了",
    "集中清理了",
    "重新编排了",
    "上门送达了",
    "公开征集了",
    "分批录入了",
    "对照清单更新了",
    "抽样回访了",
    "张贴公示了",
    "联合评审了",
    "翻译整理了",
    "补录归档了",
    "录制讲解了",
    "压缩合并了",
    "分类标注了",
    "打印装订了",
    "在线直播了",
    "开放查询了",
    "汇编成册了",
    "试行公布了",
]
_WHAT = [
    "农机补贴名册",
    "危桥改造图纸",
    "校车线路安排",
    "河道保洁台账",
    "老楼加梯方案",
    "夜市摊位规则",
    "井盖巡查记录",
    "菜场检测结果",
    "公租房轮候表",
    "路灯修缮计划",
    "渔船登记目录",
    "古树名木档案",
    "垃圾分类手册",
    "停车泊位底数",
    "技能培训课表",
    "粮库轮换公告",
    "供水停水通知",
    "社区食堂菜单",
    "山林防火预案",
    "图书流转清单",
    "残联辅具目录",
    "充电桩分布图",
    "公交调整说明",
    "食品抽检通报",
    "征地补偿标准",
]
_SO = [
    "来访人数随之减少",
    "群众咨询一次办结",
    "差错当月归零",
    "阅读量明显上升",
    "答复时限缩短两天",
    "留言全部得到回应",
    "村民小组反映良好",
    "复查未见遗漏",
    "旧数据不再外露",
    "查阅等候不超过五分钟",
    "同类申请合并办理",
    "争议在窗口化解",
    "线上线下口径一致",
    "各栏目责任到人",
    "失效链接全部替换",
    "台账可以追溯",
    "第三方测评提升",
    "纸质材料减半",
    "新老住户都能看懂",
    "后续整改有据可依",
]


_CHARACTERS = [chr(code) for code in range(0x6C34, 0x6F00)]
"""Characters that invented places are called by; few of them are in use."""


def _place(rng: Random) -> str:
    return "".join(rng.choices(_CHARACTERS, k=3)) + rng.choice("村路桥巷湾岭")


def sentence(rng: Random) -> str:
    """Return one sentence; the places in it stand so close that hardly ten characters in a row are another's."""
    start = f"{rng.choice(_WHEN)}{_place(rng)}{rng.choice(_WHO)}{rng.choice(_DID)}"
    return f"{start}{_place(rng)}{rng.choice(_WHAT)}，{_place(rng)}{rng.choice(_SO)}。"


def paragraphs(rng: Random, count: int) -> list[str]:
    """Return paragraphs of three sentences."""
    return ["".join(sentence(rng) for _ in range(3)) for _ in range(count)]
