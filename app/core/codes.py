"""The national platform's dictionaries, in the order a list shows them. Names are the dictionary's own unless a comment says why not."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SEX: Mapping[str, str] = MappingProxyType({"1": "男", "2": "女"})
"""GB/T 2261.1-2003; 0 (unknown) and 9 (not stated) are for machines and never offered at a counter."""

CERTS: Mapping[str, str] = MappingProxyType(
    {
        "01": "居民身份证",
        "17": "港澳台居民居住证",
        "07": "外国人永久居留身份证",
        "04": "港澳居民来往内地通行证",
        "05": "澳门特区护照/港澳居民来往内地通行证",
        "06": "台湾居民来往大陆通行证",
        "08": "护照",
        "16": "中国护照",
        "02": "军官证",
        "03": "武警警官证",
        "09": "残疾人证",
        "10": "军烈属证明",
        "11": "外国人就业证",
        "12": "外国专家证",
        "13": "外国人常驻记者证",
        "14": "台港澳人员就业证",
        "15": "回国（来华）定居专家证",
        "90": "社会保障卡",
        "99": "其他证件",
    }
)
"""psn_cert_type, with the short names of the papers for those a counter offers (:data:`app.core.identity.CERT_KINDS`)."""

INSURANCES: Mapping[str, str] = MappingProxyType(
    {
        "310": "职工基本医疗保险",
        "390": "城乡居民基本医疗保险",
        "320": "公务员医疗补助",
        "330": "大额医疗费用补助",
        "340": "离休人员医疗保障",
        "350": "一至六级残废军人医疗补助",
        "360": "老红军医疗保障",
        "370": "企业补充医疗保险",
        "380": "新型农村合作医疗",
        "391": "城镇居民基本医疗保险",
        "392": "城乡居民大病医疗保险",
        "399": "其他特殊人员医疗保险",
        "410": "长期照护保险",
        "510": "生育保险",
    }
)
"""insutype; what a place offers is in its region folder."""

GRADES: Mapping[str, str] = MappingProxyType(
    {
        "01": "三级特等",
        "02": "三级甲等",
        "03": "三级乙等",
        "04": "三级丙等",
        "05": "二级甲等",
        "06": "二级乙等",
        "07": "二级丙等",
        "08": "一级甲等",
        "09": "一级乙等",
        "10": "一级丙等",
        "11": "无等级",
    }
)
"""Hospital grades in the platform's order."""

RELATIONS: Mapping[str, str] = MappingProxyType(
    {"spouse": "配偶", "child": "子女", "parent": "父母", "sibling": "兄弟姐妹", "other": "其他"}
)
"""Agent to applicant; the platform's own eight values are not published, so these are the papers' words."""

STATES: Mapping[str, str] = MappingProxyType(
    {
        "draft": "草稿",
        "waiting": "待补材料",
        "ready": "已受理",
        "sent": "已报送",
        "approved": "通过",
        "supplement": "需补正",
        "refused": "不通过",
        "void": "作废",
    }
)
"""Words for :class:`app.core.application.State`."""

QUEUES: Mapping[str, str] = MappingProxyType(
    {"here": "在本机", "copied": "已导出", "received": "已送达", "needs_you": "需处理"}
)
"""Words for :class:`app.services.ports.Queue`."""

_NATIONS = (
    "汉,蒙古,回,藏,维吾尔,苗,彝,壮,布依,朝鲜,满,侗,瑶,白,土家,哈尼,哈萨克,傣,黎,傈僳,佤,畲,高山,拉祜,水,东乡,纳西,景颇,柯尔克孜,"
    "土,达斡尔,仫佬,羌,布朗,撒拉,毛南,仡佬,锡伯,阿昌,普米,塔吉克,怒,乌孜别克,俄罗斯,鄂温克,德昂,保安,裕固,京,塔塔尔,独龙,鄂伦春,"
    "赫哲,门巴,珞巴,基诺"
)
NATIONS: Mapping[str, str] = MappingProxyType(
    {f"{at:02}": f"{name}族" for at, name in enumerate(_NATIONS.split(","), start=1)} | {"66": "外籍人士", "99": "未说明"}
)
"""GB/T 3304-1991, 01 to 56; 66 and 99 are the platform's additions."""

_LEVEL_TWO = frozenset({"01", "02", "03", "04", "05", "06", "07"})
_SHORT_GRADES = {f"{level}{rank}": f"{level}级{rank}等" for level in "一二三" for rank in "特甲乙丙"}


def grade_code(code_or_name: str) -> str:
    """Return the code of a hospital grade given as code, name (三级甲等) or short name (三甲); empty when it is none."""
    text = "".join(code_or_name.split())
    if text in GRADES:
        return text
    name = _SHORT_GRADES.get(text, text)
    return next((code for code, known in GRADES.items() if known == name), "")


def level_two_or_above(code_or_name: str) -> bool:
    """Whether a hospital grade is of level two or above (二级及以上); 三级 and 二级 without a rank count too."""
    text = "".join(code_or_name.split())
    return grade_code(text) in _LEVEL_TWO or text in {"二级", "三级"}
