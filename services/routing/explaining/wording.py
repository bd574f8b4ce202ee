"""What values, facts and tables are called in front of people, in both languages."""

from typing import Final

from services.routing.policy.learned import LEARNED_TEXTS
from services.routing.policy.pack import Pack
from shared.events.envelope import Language

Words = dict[str, tuple[str, str]]

TABLES: Final[Words] = {
    "kind": ("是什么事", "What it is"),
    "causes": ("原因", "Cause"),
    "cross_level": ("是否越级", "Over our heads"),
    "cross_reason": ("为何越级", "Why over our heads"),
    "difficult": ("难缠类型", "Difficult type"),
    "score": ("严重程度评分", "Score"),
    "severity": ("严重程度", "Severity"),
    "responsibility": ("责任归属", "Responsibility"),
    "unit": ("责任单位", "Unit"),
    "tier": ("处理层级", "Tier"),
    "handler_level": ("经办人级别", "Level of handler"),
    "strategy": ("处理策略", "Strategy"),
    "promises": ("承诺时限", "Promised times"),
    "clocks": ("监管时限", "Legal clocks"),
    "tactics": ("沟通技巧", "Tactics"),
    "motives": ("动机", "Motives"),
    "latent_demands": ("潜在诉求", "Unsaid demands"),
    "public_risk": ("舆情风险", "Risk in public"),
    "guard": ("不可更改的底线", "Limits no pack may change"),
    "learned": ("从本中心案例学到的", "Learned from the centre's own cases"),
}
NAMES: Final[Words] = {
    "emotion": ("情绪", "Emotion"), "repeat": ("此前次数", "Times before"), "amount": ("涉及金额", "Amount"),
    "other_causes": ("还涉及", "Also touches"), "demands": ("诉求", "Demands"), "style": ("客户风格", "Customer style"),
    "types": ("客户类型", "Types"), "contradictions": ("前后矛盾", "Contradictions"), "waited_hours": ("已等待", "Has waited"),
    "deadline_hours": ("客户给的期限", "The customer gives us"), "promised_hours": ("曾承诺的时限", "Was promised within"),
    "priority": ("优先级", "Priority"), "score": ("评分", "Score"), "target": ("越级对象", "Goes to"), "signs": ("迹象", "Signs"),
    "complaints_30d": ("30 天内投诉数", "Complaints in 30 days"),
    "same_cause_30d": ("30 天内同因投诉数", "Same cause in 30 days"), "open_now": ("未结投诉数", "Open now"),
    "promises_broken_90d": ("90 天内失约数", "Promises broken in 90 days"),
    "key_complete": ("关键信息齐全", "Key information complete"), "public_post": ("公开发帖", "A public post"),
    "case_numbered": ("有上级受理编号", "Has a case number of a body above"), "tagged": ("点名上级", "Tags a body above"),
    "filed": ("已向上级反映", "Has gone to a body above"), "threatened": ("表示将越级", "Threatens to go above"),
    "abuse": ("辱骂", "Abuse"), "danger": ("人身危险", "Danger"), "self_harm": ("轻生之语", "Self-harm"),
    "vulnerable": ("弱势客户", "Vulnerable customer"), "outage": ("通信中断", "Outage"), "group": ("涉及多人", "Several people"),
    "cause_stated": ("原因由坐席填写", "Cause stated by the agent"), "wordless": ("没有文字", "No words"),
    "text_length": ("字数", "Characters"), "amount_limit": ("金额限额", "Limit of the amount"),
    "complaint_points": ("投诉分", "Complaint points"), "inquiry_points": ("咨询分", "Inquiry points"),
    "suggestion_points": ("建议分", "Suggestion points"), "praise_points": ("表扬分", "Praise points"),
    "noise_points": ("无关内容分", "Noise points"), "channel": ("渠道", "Channel"), "lang": ("语言", "Language"),
    "currency": ("币种", "Currency"), "customer_tier": ("客户等级", "Customer tier"), "product": ("产品", "Product"),
    "case_number_of": ("受理编号所属", "Case number of"), "tagged_target": ("点名对象", "Tagged"),
    "filed_target": ("已反映到", "Gone to"), "threatened_target": ("扬言去", "Threatens to go to"),
    "cause": ("原因", "Cause"), "sub_cause": ("子原因", "Sub-cause"), "matrix": ("所属象限", "Matrix cell"),
}  # fmt: skip
VALUES: Final[Words] = {
    "complaint": ("投诉", "complaint"), "inquiry": ("咨询", "inquiry"), "suggestion": ("建议", "suggestion"),
    "praise": ("表扬", "praise"), "noise": ("无关内容", "noise"),
    "tariff": ("资费套餐", "tariff and plan"), "product": ("产品网络", "product and network"),
    "efficiency": ("工作效率", "efficiency"), "price": ("价格计费", "price and billing"),
    "attitude": ("服务态度", "attitude"), "other": ("其他", "other"),
    "service": ("服务", "service"), "process": ("流程", "process"),
    "none": ("无", "none"), "threatened": ("扬言越级", "threatened"), "actual": ("已越级", "actual"),
    "headquarters": ("总部", "headquarters"), "regulator": ("监管部门", "regulator"),
    "consumer_association": ("消费者组织", "consumer association"),
    "government_hotline": ("政府热线", "government hotline"), "media": ("媒体", "media"), "court": ("法院", "court"),
    "police": ("公安", "police"),
    "S1": ("S1 重大", "S1 major"), "S2": ("S2 严重", "S2 serious"), "S3": ("S3 一般", "S3 ordinary"),
    "S4": ("S4 轻微", "S4 minor"),
    "L1": ("L1 一线", "L1 front line"), "L2": ("L2 专员", "L2 specialist"), "L3": ("L3 专家组", "L3 experts"),
    "L4": ("L4 领导", "L4 leadership"),
    "junior": ("初级", "junior"), "middle": ("中级", "middle"), "senior": ("资深", "senior"),
    "frontline": ("一线", "front line"), "specialist": ("投诉专员", "specialist"), "unit": ("责任单位", "responsible unit"),
    "other_party": ("第三方", "another party"), "not_solvable": ("超出政策", "beyond policy"),
    "standard": ("标准流程", "standard"), "cold_handling": ("冷处理", "cold handling"),
    "long_haul": ("持久战", "long haul"), "roundabout": ("迂回处理", "roundabout"),
    "analytical": ("分析型（喜鹊）", "analytical (C)"), "dominant": ("支配型（老虎）", "dominant (D)"),
    "expressive": ("表现型（孔雀）", "expressive (I)"), "steady": ("稳健型（鸽子）", "steady (S)"),
    "refund": ("退款", "refund"), "repair": ("修复", "repair"), "compensation": ("补偿", "compensation"),
    "apology": ("道歉", "apology"), "explanation": ("解释", "explanation"), "cancellation": ("取消", "cancellation"),
    "replacement": ("更换", "replacement"), "contact": ("回复联系", "to be contacted"), "discipline": ("处分人员", "discipline"),
    "first_response": ("首次响应", "first response"), "progress": ("进展", "progress"), "resolution": ("答复结果", "result"),
    "callback": ("回访", "callback"), "regulator_reply": ("回复监管", "reply to the regulator"),
    "feeling": ("先安抚情绪", "the feeling"), "matter": ("再谈事情", "the matter"),
    "expectation": ("管理期望", "expectations"),
    "primary": ("原文", "primary text"), "secondary": ("转载，引用前请核对", "secondary page: check before citing"),
    "memory": ("未附原文，引用前请核对", "no text at hand: check before citing"),
    "received": ("受理", "received"), "low": ("低", "low"), "medium": ("中", "medium"), "high": ("高", "high"),
    "raised": ("升高", "raised"), "calm": ("平稳", "calm"),
    "emotional": ("感情用事", "emotional"), "self_righteous": ("滥用正义感", "self-righteous"),
    "stubborn": ("固执己见", "stubborn"), "well_prepared": ("有备而来", "well prepared"),
    "able_to_publicise": ("有宣传能力", "able to publicise"), "unreasonable": ("无理取闹", "unreasonable"),
    "year_off_by_one": ("年份差一年", "a year off by one"), "purchase_date_differs": ("购买日期不一致", "purchase dates differ"),
    "bill_month_differs": ("账单月份不一致", "bill months differ"), "amount_differs": ("金额不一致", "amounts differ"),
    "fault_start_differs": ("故障开始时间不一致", "starts of the fault differ"),
    "hotline": ("热线", "hotline"), "web": ("网站", "web"), "app": ("应用", "app"), "shop": ("营业厅", "shop"),
    "social": ("社交媒体", "social media"), "email": ("邮件", "e-mail"), "zh": ("中文", "Chinese"), "en": ("英文", "English"),
    "gold": ("金卡", "gold"), "silver": ("银卡", "silver"), "key_account": ("大客户", "key account"),
}  # fmt: skip
_LEARNED: Final = "learned."
_AXES: Final[Words] = {
    "cross": ("是否越级", "Over our heads"), "demand": ("诉求", "Demand"), "customer": ("客户等级", "Customer tier"),
    "waited": ("已等待", "Has waited"), "pace": ("同类投诉", "Similar complaints"),
}  # fmt: skip
TRUTH: Final = {True: ("是", "yes"), False: ("否", "no")}


def said(words: Words, key: str, lang: Language) -> str:
    """What `key` is called; the key itself where there is no word for it."""
    pair = words.get(key)
    return key if pair is None else pair[lang == "en"]


def value_said(value: object, lang: Language, pack: Pack | None = None) -> str:
    """A value in words: yes and no, numbers as they are, codes by their word or the pack's own name."""
    if isinstance(value, bool):
        return TRUTH[value][lang == "en"]
    text = str(value)
    return said(VALUES, text, lang) if text in VALUES or pack is None else row_said(text, lang, pack)


def fact_said(name: str, lang: Language, pack: Pack) -> str:
    """What a fact or label of the vocabulary is called; `has_…` by the name of its signal."""
    return named(name[4:], lang, pack) if name.startswith("has_") else said(TABLES | NAMES, name, lang)


def sign_said(name: str, lang: Language, pack: Pack) -> str:
    """What a weighed sign is called: a signal by its name, `axis.value` by both."""
    axis, _, value = name.partition(".")
    if not value:
        return named(name, lang, pack)
    if axis == "case":
        return said(NAMES, value, lang)
    colon = "：" if lang == "zh" else ": "
    return f"{said(TABLES | NAMES | _AXES, axis, lang)}{colon}{value_said(value, lang, pack)}"


def row_said(id_: str, lang: Language, pack: Pack | None) -> str:
    """What the pack says of a row: a rule's reason, a sub-cause's name; the id where it has no such row."""
    texts = pack.texts if pack else LEARNED_TEXTS
    found = texts.get(id_) or LEARNED_TEXTS.get(id_)
    return found[lang] if found else id_


def named(id_: str, lang: Language, pack: Pack) -> str:
    """What the pack calls a signal or a note; its id where it has no name for it."""
    if id_.startswith(_LEARNED):
        what = said(NAMES | TABLES | VALUES, id_.rpartition(".")[2], lang)
        return f"本中心案例：{what}" if lang == "zh" else f"the centre's cases: {what}"
    row = pack.advice.names.get(id_)
    return id_ if row is None else row.zh if lang == "zh" else row.en
