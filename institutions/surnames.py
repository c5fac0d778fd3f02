"""Surnames that ordinary readings get wrong, and surnames of two characters. Pure; no Django.

Readings follow the usage of surnames in 《现代汉语词典》; pypinyin gives the commonest reading of a
character instead. Syllables are kept apart by a space.
"""

SURNAME_READINGS: dict[str, str] = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "查": "zha", "盖": "ge", "区": "ou", "任": "ren",
    "朴": "piao", "尉迟": "yu chi", "万俟": "mo qi", "长孙": "zhang sun", "种": "chong", "重": "chong", "秘": "bi",
    "冼": "xian", "折": "she", "翟": "zhai", "乐": "yue", "召": "shao", "员": "yun", "黑": "he", "缪": "miao",
    "繁": "po", "纪": "ji", "郇": "xun", "华": "hua", "覃": "qin", "洗": "xian", "尹": "yin", "宓": "mi",
    "费": "fei", "於": "yu", "令狐": "ling hu", "澹台": "tan tai", "宿": "su", "燕": "yan", "葛": "ge", "哈": "ha",
    "那": "na", "隗": "wei", "句": "gou", "车": "che", "都": "du", "逄": "pang",
    "谌": "chen", "褚": "chu", "亓": "qi", "能": "nai", "幺": "yao", "便": "pian", "会": "gui", "相": "xiang",
    "过": "guo", "应": "ying", "宁": "ning", "柏": "bai", "卜": "bu", "晁": "chao", "訾": "zi",
}  # fmt: skip

_COMPOUND = """
欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠
公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁
拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 公户 公玉 公仪 梁丘 公仲 公上 公门 公山 公坚 左丘 公伯
西门 公祖 第五 公乘 贯丘 公皙 南荣 东里 东宫 仲长 子书 子桑 即墨 达奚 褚师 纳兰 完颜 富察 那拉
"""

COMPOUND_SURNAMES: frozenset[str] = frozenset(_COMPOUND.split())
