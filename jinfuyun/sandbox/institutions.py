"""Forty institutions of the pretend province. Their names are invented; a test holds them against real ones."""

from jinfuyun.institutions.rules import Draft, Kind

# code, name, kind, city of the head office
TABLE = (
    ("MLYH", "闽岭银行", Kind.BANK, "350100"),
    ("LLWYH", "蓝鹭湾银行", Kind.BANK, "350200"),
    ("RYYH", "榕屿银行", Kind.BANK, "350100"),
    ("XYYH", "星砚银行", Kind.BANK, "350100"),
    ("QQYH", "清峤银行", Kind.BANK, "350500"),
    ("YFYH", "云枋银行", Kind.BANK, "350500"),
    ("JCYH", "霁川银行", Kind.BANK, "350200"),
    ("DPYH", "丹屏银行", Kind.BANK, "350600"),
    ("FLYH", "帆笠银行", Kind.BANK, "350200"),
    ("TYYH", "桐屿银行", Kind.BANK, "350300"),
    ("HLYH", "禾岚银行", Kind.BANK, "350400"),
    ("SZYH", "松笺银行", Kind.BANK, "350700"),
    ("DTNS", "东桐农商行", Kind.RURAL_BANK, "350500"),
    ("CLCZ", "茶麓村镇银行", Kind.RURAL_BANK, "350700"),
    ("TMNS", "棠墨农商行", Kind.RURAL_BANK, "350600"),
    ("FJNS", "枫笺农商行", Kind.RURAL_BANK, "350400"),
    ("SSNS", "石笋坪农商行", Kind.RURAL_BANK, "350800"),
    ("LYNS", "梨砚农商行", Kind.RURAL_BANK, "350900"),
    ("DDNS", "稻灯农商行", Kind.RURAL_BANK, "350100"),
    ("ZWCZ", "竹坞村镇银行", Kind.RURAL_BANK, "350900"),
    ("TLCZ", "苔岭村镇银行", Kind.RURAL_BANK, "350800"),
    ("LTNS", "兰汀农商行", Kind.RURAL_BANK, "350300"),
    ("YLCZ", "柚棋村镇银行", Kind.RURAL_BANK, "350600"),
    ("GPNS", "桂枰农商行", Kind.RURAL_BANK, "350200"),
    ("YDCZ", "渔烛村镇银行", Kind.RURAL_BANK, "350128"),
    ("ZYNS", "樟砚农商行", Kind.RURAL_BANK, "350400"),
    ("HQDB", "海桥融资担保", Kind.GUARANTOR, "350100"),
    ("FYDB", "帆影融资担保", Kind.GUARANTOR, "350200"),
    ("LDDB", "岚盾融资担保", Kind.GUARANTOR, "350500"),
    ("RDDB", "榕盾融资担保", Kind.GUARANTOR, "350600"),
    ("SMDB", "砂墨融资担保", Kind.GUARANTOR, "350900"),
    ("WPZL", "武屏融资租赁", Kind.LEASING, "350200"),
    ("JZZL", "机杼融资租赁", Kind.LEASING, "350500"),
    ("ZYZL", "舟砚融资租赁", Kind.LEASING, "350100"),
    ("QLZL", "晴轮融资租赁", Kind.LEASING, "350600"),
    ("LFBL", "链帆商业保理", Kind.FACTORING, "350200"),
    ("XQBL", "汐桥商业保理", Kind.FACTORING, "350100"),
    ("YHXD", "萤烛小额贷款", Kind.SMALL_LENDER, "350500"),
    ("DDXD", "豆灯小额贷款", Kind.SMALL_LENDER, "350800"),
    ("YYBX", "檐雨保险", Kind.INSURER, "350100"),
)


def drafts() -> list[Draft]:
    """What the operators write down of each; phones of the range that nobody has."""
    return [
        Draft(
            code=code,
            name=name,
            kind=kind,
            licence_number=f"X{number:04d}H2{region}0001",
            region_code=region,
            hotline=f"400-000-{number:04d}",
            contact_name="陈沙箱",
            contact_phone=f"1649{number:07d}",
        )
        for number, (code, name, kind, region) in enumerate(TABLE, 1)
    ]
