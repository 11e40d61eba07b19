"""The words a region folder may use: names of facts with what people call them, documents, questions of a condition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

FACTS: Final[Mapping[str, str]] = {
    "matter": "办理事项",
    "term": "当地叫法",
    "office": "经办机构",
    "reviewer": "谁来审核",
    "window": "受理窗口",
    "address": "地址",
    "hours": "办公时间",
    "hotline": "咨询电话",
    "retention": "个人信息保存期限",
    "ask": "怎样查询",
    "notice": "怎样通知结果",
    "fee": "收费",
    "limit": "办结时限",
    "number_rule": "受理编号",
    "effect": "何时生效",
    "review": "复审",
    "renewal": "续期",
    "change_rule": "变更规定",
    "deductible": "起付标准",
    "ratio": "报销比例",
    "benefits": "待遇说明",
    "who_may_apply": "谁可以申请",
    "eligibility": "申请资格",
    "on_behalf": "替人办理",
    "catalogue": "病种目录",
    "remote": "异地居住",
    "remote_pay": "异地报销",
    "form_name": "申请表叫法",
    "form_fields": "要填什么",
    "papers_rule": "材料总要求",
    "window_papers": "窗口收什么",
    "reports_rule": "检查报告",
    "files_rule": "文件格式和大小",
    "hospital_level": "医院等级",
    "seal": "盖章",
    "recency": "病历多久以内",
    "photo": "照片",
    "visits": "到场次数",
    "check_rule": "怎样核对",
    "on_site_check": "现场核验",
    "supplement": "补充材料",
    "return_rule": "退回以后",
    "feedback": "意见反馈",
    "appeal": "不同意怎么办",
    "channels": "办理渠道",
    "entry": "手机入口",
    "online_first": "手机上先做什么",
    "online_time": "手机办理时间",
    "for_whom": "适合谁",
}
"""Fact name to label. A folder may state a fact of another name when it brings its own label."""

DOCUMENTS: Final = (
    "form",
    "receipt",
    "materials",
    "notice",
    "conditional",
    "reasons",
    "outcome",
    "privacy",
    "cover",
    "withdrawal",
    "parts",
    "codes",
    "tokens",
)
"""Layout files a folder may bring; every other TOML name is a slip of the pen."""

QUESTIONS: Final[Mapping[str, str]] = {
    "kind": "申请类型",
    "insurance": "险种",
    "voucher": "凭证",
    "residence": "异地居住",
    "agent": "代办",
    "minor": "未成年",
    "disease": "病种",
    "tag": "病种标记",
    "cert": "证件类型",
}
"""What a condition may ask, with its Chinese name."""

VOUCHERS: Final[Mapping[str, str]] = {"card": "社保卡", "e_voucher": "医保电子凭证", "none": "都没带"}
RESIDENCES: Final[Mapping[str, str]] = {"local": "本地居住", "filed": "异地居住已备案", "unfiled": "异地居住未备案"}
YES_NO: Final[Mapping[str, str]] = {"yes": "是", "no": "否"}
STARTS: Final[Mapping[str, str]] = {"submission": "提交申请", "acceptance": "受理"}
FORMATS: Final = ("JPG", "PNG", "PDF")
