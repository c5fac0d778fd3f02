"""Names for generated people: common surnames and common characters put together by chance. Nobody in particular.

Pure; the shares are rough shares of the population, good enough for what an index or a queue has to bear.
"""

from itertools import accumulate
from random import Random

from institutions.pinyin import name_reading

READINGS_MAX = 20_000  # a country has millions of names, and most of them once

_SURNAMES = """
王71 李72 张68 刘54 陈45 杨31 黄23 赵23 吴20 周21 徐17 孙16 马13 朱12 胡12 郭12 何11 高10 林10 罗9 郑9 梁8 谢7 宋7 唐7
许7 韩7 冯6 邓6 曹6 彭6 曾6 肖6 田6 董6 潘5 袁5 蔡5 蒋5 余5 于5 杜5 叶5 程5 魏5 苏5 吕5 丁4 任4 卢4 姚4 沈4 钟4 姜4 崔4
谭4 陆4 范4 汪4 廖4 石3 金3 韦3 贾3 夏3 付3 方3 邹3 熊3 白3 孟3 秦3 邱3 侯3 江3 尹3 薛3 闫3 段3 雷3 龙3 史2 陶2 黎2 贺2
顾2 毛2 郝2 龚2 邵2 万2 钱2 严2 覃2 武2 戴2 莫2 孔2 向2 汤2 单1 仇1 解1 欧阳1 上官1
"""
_GIVEN = """
伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红建文志国海春梅兰云燕琴玲辉鹏飞宇浩欣怡佳雪婷慧颖琳晶莹洁瑞凯
俊峰龙斌波宁波亮健林森楠阳晨旭东升永庆福祥生德义仁礼智信忠孝成功业安康泰和顺利达光耀宗学思源远航天宏博雅清秋月冬
夏青松柏竹菊荷莲露霜雨虹彩蓉蕾薇菲萱诗涵梓轩子涵睿泽昊然逸嘉懿若彤可馨依诺一鸣振兴立新向前进
"""
ONE_CHARACTER_SHARE = 0.18


class Names:
    """Draws names; the same random numbers give the same names."""

    def __init__(self) -> None:
        """Read every surname and character once."""
        entries = _SURNAMES.split()
        self._surnames = [entry.rstrip("0123456789") for entry in entries]
        self._weights = list(accumulate(int("".join(filter(str.isdigit, entry))) for entry in entries))
        self._characters = sorted(set("".join(_GIVEN.split())))

    def draw(self, random: Random) -> str:
        """Return one name: a surname and one or two characters."""
        surname = random.choices(self._surnames, cum_weights=self._weights)[0]
        first = self._characters[int(random.random() * len(self._characters))]
        if random.random() < ONE_CHARACTER_SHARE:
            return surname + first
        return surname + first + self._characters[int(random.random() * len(self._characters))]


class Readings(dict[str, tuple[str, str]]):
    """Pinyin and initials by name, the names met lately read once; never more than `READINGS_MAX` are kept."""

    def __missing__(self, name: str) -> tuple[str, str]:
        if len(self) >= READINGS_MAX:
            self.clear()
        reading = self[name] = name_reading(name)
        return reading
