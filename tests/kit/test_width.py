from jinfuyun.kit.width import compact, half_width


def test_full_width_letters_digits_and_signs_become_half_width():
    assert half_width("ＡＢｃ１２３（Ｘ）　") == "ABc123(X) "


def test_blanks_and_invisible_characters_vanish_and_chinese_stays():
    assert compact("\u202a 138\u00a0 0000\u200b 0000\t\n福 州\u202c") == "13800000000福州"
