"""What can be made to go wrong, department by department."""

import threading
from enum import StrEnum


class Fault(StrEnum):
    OFF = "off"
    DOWN = "down"
    SLOW = "slow"
    DRIP = "drip"
    WRONG_ENTERPRISE = "wrong_enterprise"
    MALFORMED = "malformed"


FAULT_LABELS = {
    Fault.OFF: "正常",
    Fault.DOWN: "停机",
    Fault.SLOW: "迟缓",
    Fault.DRIP: "逐字节应答",
    Fault.WRONG_ENTERPRISE: "答成别家企业",
    Fault.MALFORMED: "格式错乱",
}

DEPARTMENTS = {
    "tax": "税务局",
    "tax_xiamen": "厦门市税务局",
    "market": "市场监督管理局",
    "electricity": "供电公司",
    "water": "供水企业",
    "gas": "燃气企业",
    "social_insurance": "人力资源和社会保障局",
    "housing_fund": "住房公积金中心",
    "customs": "海关",
    "courts": "人民法院",
    "credit": "公共信用信息中心",
    "ip": "知识产权局",
    "science": "科学技术厅",
    "procurement": "财政厅",
    "property": "自然资源和规划局",
    "acquiring": "收单服务机构",
    "sms": "短信网关",
    "time_stamps": "时间戳服务",
}


class Faults:
    """The switches. They are forgotten when the process ends: a restart heals everything."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._modes = dict.fromkeys(DEPARTMENTS, Fault.OFF)

    def of(self, department: str) -> Fault:
        with self._lock:
            return self._modes[department]

    def switch(self, department: str, fault: Fault) -> None:
        """Raises KeyError for a department that does not exist."""
        with self._lock:
            if department not in self._modes:
                raise KeyError(department)
            self._modes[department] = fault

    def all(self) -> dict[str, str]:
        with self._lock:
            return {department: fault.value for department, fault in self._modes.items()}
