"""A small card that tests bend."""

CARD = """\
name: small
label: 小卡
valid_from: 2026-01-01
reference: 测试
scale: {score: 600, odds: 20, points_to_double: 40}
start: 500
range: {from: 300, to: 900}
coverage_min: 0.5
grades:
  - {grade: A, from: 600}
  - {grade: D, from: 300}
characteristics:
  - indicator: sales_r12
    label: 销售额
    dimension: business
    bins:
      - {below: 100, points: -30}
      - {from: 100, below: 1000, points: 10}
      - {from: 1000, points: 120}
    unknown: -5
    advice: 多卖。
  - indicator: tax_grade
    label: 纳税信用等级
    dimension: tax
    bins:
      - {among: [A, B], points: 50}
      - {among: [D], points: -300}
    unknown: 0
"""
