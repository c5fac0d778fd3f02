"""What may not stand in a statement that a person publishes: other people's names, contact data, codes. Pure.

Found by its form here; an officer reads each text besides. Nothing is judged right or wrong.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

LENGTH_MAX = 300  # characters; of the product: what can be read beside a record on a phone

# Surnames that are followed by a title ("王主任") name somebody; only common ones, so that ordinary words pass.
SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严魏陶姜戚谢邹苏潘葛范彭鲁韦马花袁柳史唐薛雷贺倪汤滕罗毕郝邬"
    "安常傅康余顾孟黄穆萧尹姚邵湛汪祁毛禹狄贝戴宋庞熊纪舒屈项祝董梁杜阮蓝闵贾江童颜郭梅林徐邱骆高夏蔡田樊胡凌霍"
    "万柯卢莫裘缪丁邓洪包左石崔龚程嵇邢裴陆荣翁荀甄芮靳邴松段富巫焦巴侯宓全班宁仇栾甘厉祖符刘詹龙叶司黎乔闻党翟"
    "谭贡姬申冉雍桑桂牛边农温庄晏柴瞿阎连艾容古易慎廖庾衡耿满匡寇聂曾肖于付覃"
)
TITLES = "医生|大夫|主任|副主任|院长|副院长|护士长|护士|药师|局长|副局长|科长|处长|先生|女士|小姐|同志|老师|经理"

PHONE = re.compile(
    r"(?<![A-Za-z\d])(?:\+?86[\s-]?)?1[3-9]\d(?:[\s-]?\d{4}){2}(?!\d)|(?<![A-Za-z\d])0\d{2,3}[\s-]?\d{7,8}(?!\d)"
)
MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
LINK = re.compile(r"(?:https?://|www\.)\S+|\b[\w-]+\.(?:com|cn|net|org|top|xyz)\b", re.IGNORECASE)
ACCOUNT = re.compile(r"(?:微信|QQ|抖音|微博|WeChat|Telegram|WhatsApp)[号群]?[\s::]*[A-Za-z0-9_-]{5,}", re.IGNORECASE)
CODE = re.compile(r"(?<![A-Za-z0-9])(?:[DNHP]|HY|HJ)\d{8,}(?!\d)|(?<!\d)\d{6,}[\dXx]?(?!\d)", re.IGNORECASE)
TITLED = re.compile(rf"[{SURNAMES}](?:{TITLES})")


class Trouble(StrEnum):
    """What was found in a text."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    CONTACT = "contact"
    CODE = "code"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that may not stand in the text, and the words in question."""

    trouble: Trouble
    words: str


def troubles(text: str, *, own_name: str, names: Iterable[str]) -> list[Found]:
    """Return what keeps a text from being published; `names` are people it might mean, the writer's own may stand."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return [Found(Trouble.EMPTY, "")]
    found = [Found(Trouble.TOO_LONG, "")] if len(plain) > LENGTH_MAX else []
    for pattern in (PHONE, MAIL, LINK, ACCOUNT):
        found += [Found(Trouble.CONTACT, match.group()) for match in pattern.finditer(plain)]
    told = " ".join(item.words for item in found)
    found += [Found(Trouble.CODE, m.group()) for m in CODE.finditer(plain) if m.group() not in told]
    others = {name for name in names if len(name) > 1 and name not in own_name}
    found += [Found(Trouble.NAME, name) for name in sorted(others) if name in plain]
    told = " ".join(item.words for item in found)
    found += [Found(Trouble.NAME, m.group()) for m in TITLED.finditer(plain) if m.group() not in told]
    return found
