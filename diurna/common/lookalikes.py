"""Letters of other scripts, and signs, that look like Latin letters; a table, no Django.

Chosen for names in the scripts that pass for Latin at a glance: Cyrillic, Greek, Armenian,
Cherokee, Lisu, phonetic letters, small capitals. Full-width, mathematical and circled letters are
not here: NFKD takes care of them. The idea is that of Unicode Technical Standard 39 (confusables);
the table is our own and far smaller.
"""

from typing import Final

# A capital can look like another letter than its small form does: Greek Η is an H, its η an n.
_CAPITALS: Final = (
    # Greek
    "ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX ϹC ϺM ϜF "
    # Cyrillic
    "АA ВB ЕE ЅS ІI ЈJ КK МM НH ОO РP СC ТT УY ҮY ХX ҺH ԌG ԚQ ԜW ӀI ЗE ЬB ГR ДA ЛJ "
    # Armenian
    "ՕO ՍU ՏS ՋX ԼL ՈN ԱU ԳQ ԵE ԹP ՁA ՀZ ՄU ՇC "
    # Cherokee
    "ᎠD ᎡR ᎢT ᎥI ᎩY ᎪA ᎫJ ᎬE ᎳW ᎷM ᎻH ᎽY ᏀG ᏂH ᏃZ ᏎB ᏒR ᏔW ᏚS ᏟC ᏢP ᏦK ᏙV ᏞL ᏴB ᏏB "
    # Lisu
    "ꓐB ꓑP ꓓD ꓔT ꓖG ꓗK ꓙJ ꓚC ꓜZ ꓝF ꓟM ꓠN ꓡL ꓢS ꓣR ꓦV ꓧH ꓪW ꓫX ꓬY ꓮA ꓰE ꓲI ꓳO ꓴU "
    # Coptic
    "ⲀA ⲂB ⲈE ⲎH ⲒI ⲔK ⲘM ⲚN ⲞO ⲢP ⲤC ⲦT ⲨY ⲬX"
)
_SMALL: Final = (
    # Greek
    "αa βb γy εe ηn ιi κk νv οo ρp σo ςc τt υu χx ωw ϲc ϳj µu μu "
    # Cyrillic
    "аa вb сc ԁd еe ёe һh іi їi јj кk ӏl мm нh оo рp ԛq гr ѕs тt уy үy хx ԝw зe пn ьb ґr єe ѡw "
    # Armenian
    "օo սu հh յj ցg զq ոn ռn ղn ւi քp եt "
    # Latin letters with another look, phonetic letters and small capitals
    "ıi ȷj ɑa ɐa ᴀa ʙb ᴄc ᴅd ɖd ɗd đd ᴇe ǝe əe ɛe ꜰf ɡg ɢg ʜh ɦh ħh ɪi ɨi ᴊj ᴋk ʟl łl ɫl ᴍm ɱm ɴn "
    "ɲn ŋn "
    "ᴏo øo ɵo ᴘp þp ʀr ɍr ɾr ꜱs ʂs ᴛt ŧt ƭt ᴜu ʉu ᴠv ʋv ᴡw ɯm ʏy ƴy ᴢz ʐz ƶz ƅb ƒf ɩi ƚl ƞn æa œo "
    "ðd "
    # Signs and digits that stand in for letters; i, l, 1 and the bar are one shape
    "0o 1l 2z 3e 4a 5s 6b 7t 8b 9g @a $s €e £e |l !l ¡l il ⅼl ⏐l ∣l ǀl ×x ¢c ©c ®r ∂a ∑e √v ∞o "
    "өo ծd"
)
# Pairs that look like one letter, looked for in the result.
SEQUENCES: Final = (("rn", "m"), ("vv", "w"))


def _pairs(table: str) -> dict[str, str]:
    return {word[0]: word[1] for word in table.split() if len(word) == 2}


CAPITALS: Final = _pairs(_CAPITALS)
SMALL: Final = _pairs(_SMALL)
