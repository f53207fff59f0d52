"""Portrait busts of the contributors, one manner for all: hatched heads on a quiet ground."""

from dataclasses import dataclass

from diurna.web.seed.pictures.elements import arc, curve
from diurna.web.seed.pictures.press import (
    CLOTH,
    HALFTONE,
    LEAF,
    METAL,
    Cut,
    Plate,
    Shade,
)

FACE = Cut(angle=24, period=10, wave=36, wave_length=420)
HAIR = Cut(angle=62, period=9, wave=40, wave_length=140)


@dataclass(frozen=True)
class Sitter:
    """What tells one portrait from another. Tones: 0 is black, 255 is bare paper."""

    skin: int = 215
    hair: int = 60
    style: str = "short"
    glasses: bool = False
    beard: bool = False
    moustache: bool = False
    hat: str = ""
    collar: str = "open"
    coat: int = 70
    width: float = 1.0
    red: str = ""


SITTERS: dict[str, Sitter] = {
    "marguerite-oldacre": Sitter(hair=235, style="bob", glasses=True, collar="high", red="scarf"),
    "tobias-rennick": Sitter(skin=205, hair=80, beard=True, hat="watch", collar="roll", width=1.06),
    "nadia-haddad": Sitter(skin=190, hair=30, style="long", coat=120, red="scarf"),
    "piet-osei": Sitter(skin=150, hair=15, style="crop", collar="open", coat=170, red="strap"),
    "ruth-vale": Sitter(skin=225, hair=130, style="bun", glasses=True, coat=60),
    "jonah-quill": Sitter(
        skin=230,
        hair=110,
        style="receding",
        moustache=True,
        collar="bow",
        coat=40,
        width=0.95,
        red="bow",
    ),
    "odile-marchetti": Sitter(skin=210, hair=20, style="bob", hat="beret", coat=30, red="hat"),
    "samuel-boon": Sitter(
        skin=165, hair=240, style="receding", beard=True, hat="cap", coat=130, width=1.08
    ),
    "ilse-varga": Sitter(skin=232, hair=190, style="crop", collar="high", coat=90, red="pin"),
    "yusuf-amrani": Sitter(skin=175, hair=40, style="short", beard=True, glasses=True, coat=110),
}


def portrait(plate: Plate, sitter: Sitter) -> None:
    """Draw the sitter on a square plate of 900 by 900."""
    w = sitter.width
    plate.rect((0, 0, 900, 900), Shade(200, 235), HALFTONE)
    plate.glow((330, 330), 420, 252)
    if sitter.style in ("long", "bob"):
        drop = 700 if sitter.style == "long" else 520
        back = curve(
            [
                (290, drop),
                (240, 470),
                (270, 280),
                (360, 180),
                (450, 160),
                (540, 180),
                (630, 280),
                (660, 470),
                (610, drop),
            ]
        )
        plate.polygon(back, Shade(sitter.hair, max(10, sitter.hair - 60)), HAIR, 5)
    if sitter.style == "bun":
        plate.ellipse((385, 80, 515, 210), Shade(sitter.hair, sitter.hair // 2), HAIR, 5)
    _shoulders(plate, sitter)
    plate.polygon(
        [(380, 520), (378, 690), (450, 740), (522, 690), (520, 520)],
        Shade(max(30, sitter.skin - 30), max(20, sitter.skin - 120), sideways=True),
        FACE,
        4,
    )
    for side in (-1, 1):
        x = 450 + side * 152 * w
        plate.ellipse((x - 24, 370, x + 24, 452), max(30, sitter.skin - 30), FACE, 4)
    jaw = curve(
        [
            (450 - 146 * w, 300),
            (450 - 148 * w, 430),
            (450 - 116 * w, 536),
            (450 - 40 * w, 606),
            (450 + 40 * w, 606),
            (450 + 116 * w, 536),
            (450 + 148 * w, 430),
            (450 + 146 * w, 300),
            (450 + 90 * w, 212),
            (450 - 90 * w, 212),
            (450 - 146 * w, 300),
        ]
    )
    plate.polygon(
        jaw, Shade(min(255, sitter.skin + 30), max(20, sitter.skin - 95), sideways=True), FACE, 5
    )
    _features(plate, sitter)
    _hair(plate, sitter)
    _hat(plate, sitter)


def _features(plate: Plate, sitter: Sitter) -> None:
    dark = sitter.skin < 140
    for side in (-1, 1):
        x = 450 + side * 62
        plate.ellipse((x - 32, 376, x + 32, 410), 255, FACE, 3)
        plate.line(arc((x, 396), 33, 22, 190, 350), 6)
        plate.dot((x + 3, 393), 13)
        plate.dot((x + 7, 388), 4, light=True)
        brow = curve([(x - 42, 352 + side * 2), (x, 338), (x + 42, 352 - side * 2)])
        plate.line(brow, 9 if sitter.hair < 150 else 5)
        plate.line(arc((x, 420), 34, 12, 20, 160), 2)
    nose = curve([(458, 390), (468, 440), (482, 478), (450, 492), (424, 480)])
    plate.line(nose, 4)
    plate.polygon([(462, 400), (484, 476), (506, 490), (500, 430)], max(20, sitter.skin - 75), FACE)
    mouth = curve([(392, 531), (422, 536), (450, 541), (478, 536), (512, 528)])
    if sitter.beard:
        _beard(plate, sitter)
    plate.line(mouth, 5, light=dark and not sitter.beard)
    plate.line(mouth, 4)
    plate.line(arc((452, 548), 30, 14, 20, 160), 2)
    if sitter.moustache:
        _moustache(plate, sitter)
    if sitter.glasses:
        for side in (-1, 1):
            plate.line(arc((450 + side * 64, 394), 54, 46, 0, 360), 7)
            plate.line([(450 + side * 118, 386), (450 + side * 150, 376)], 7)
        plate.line(arc((450, 392), 12, 12, 180, 360), 7)


def _beard(plate: Plate, sitter: Sitter) -> None:
    beard = curve(
        [
            (450 - 148 * sitter.width, 420),
            (330, 520),
            (352, 606),
            (410, 668),
            (450, 680),
            (490, 668),
            (548, 606),
            (570, 520),
            (450 + 148 * sitter.width, 420),
            (556, 500),
            (516, 516),
            (450, 508),
            (384, 516),
            (344, 500),
        ]
    )
    plate.polygon(
        beard,
        Shade(min(240, sitter.hair + 30), max(10, sitter.hair - 40), sideways=True),
        Cut(angle=80, period=9, wave=30, wave_length=90),
        3,
    )
    plate.ellipse((404, 528, 500, 556), max(40, sitter.skin - 40), FACE, 3)


def _moustache(plate: Plate, sitter: Sitter) -> None:
    plate.polygon(
        curve(
            [
                (450, 502),
                (392, 516),
                (340, 546),
                (400, 540),
                (450, 524),
                (500, 540),
                (560, 546),
                (508, 516),
                (450, 502),
            ]
        ),
        sitter.hair,
        HAIR,
        3,
    )


def _hair(plate: Plate, sitter: Sitter) -> None:
    w = sitter.width
    tone = Shade(min(252, sitter.hair + 40), max(8, sitter.hair - 50), sideways=True)
    left, right = 450 - 156 * w, 450 + 156 * w
    if sitter.style == "receding":
        for side, edge in ((-1, left), (1, right)):
            plate.polygon(
                curve(
                    [
                        (edge, 400),
                        (edge - side * -14, 320),
                        (450 + side * 128, 230),
                        (450 + side * 100, 262),
                        (450 + side * 134, 330),
                        (edge, 400),
                    ]
                ),
                tone,
                HAIR,
                4,
            )
        return
    fringe = {
        "short": [(left, 380), (330, 300), (380, 262), (470, 276), (560, 250), (586, 320)],
        "crop": [(left, 340), (320, 280), (390, 236), (450, 228), (520, 236), (582, 284)],
        "bob": [(left - 14, 470), (316, 330), (400, 300), (500, 286), (590, 320), (right - 8, 420)],
        "bun": [(left, 370), (316, 300), (380, 236), (450, 216), (530, 240), (586, 310)],
        "long": [(left - 16, 520), (312, 380), (372, 282), (430, 226), (520, 300), (590, 400)],
    }[sitter.style]
    lift = 150 if sitter.style != "crop" else 178
    top = [(right, 380), (right - 6, 270), (540, 170), (450, lift), (350, 172), (left + 6, 270)]
    plate.polygon(curve([*fringe, *top, fringe[0]]), tone, HAIR, 5)
    for i in range(5):
        plate.line(
            curve([(370 + i * 36, 178 + abs(i - 2) * 6), (380 + i * 30, 206), (372 + i * 34, 240)]),
            2.5,
            light=sitter.hair < 120,
        )


def _hat(plate: Plate, sitter: Sitter) -> None:
    w = sitter.width
    if sitter.hat == "watch":
        dome = curve(
            [(450 - 160 * w, 300), (300, 190), (450, 116), (600, 190), (450 + 160 * w, 300)]
        )
        plate.polygon(dome, Shade(130, 30, sideways=True), Cut(angle=86, period=11, wave=10), 5)
        plate.polygon(
            [
                (450 - 170 * w, 336),
                (450 - 166 * w, 260),
                (450, 236),
                (450 + 166 * w, 260),
                (450 + 170 * w, 336),
                (450, 306),
            ],
            Shade(170, 60, sideways=True),
            METAL,
            5,
        )
    elif sitter.hat == "beret":
        beret = curve(
            [
                (280, 290),
                (230, 210),
                (330, 120),
                (500, 96),
                (650, 160),
                (668, 236),
                (600, 270),
                (450, 250),
                (280, 290),
            ]
        )
        plate.polygon(beret, Shade(120, 50, sideways=True), LEAF, 5)
        plate.line([(470, 100), (486, 74)], 10)
        if sitter.red == "hat":
            plate.red(beret)
    elif sitter.hat == "cap":
        cap = curve(
            [(276, 296), (290, 190), (440, 130), (600, 180), (628, 290), (450, 262), (276, 296)]
        )
        plate.polygon(cap, Shade(200, 70, sideways=True), Cut(angle=45, period=9, wave=4), 5)
        plate.polygon(
            curve(
                [(286, 296), (450, 262), (620, 290), (560, 322), (450, 306), (340, 326), (286, 296)]
            ),
            40,
            METAL,
            4,
        )


def _shoulders(plate: Plate, sitter: Sitter) -> None:
    coat = [
        *curve([(60, 920), (120, 760), (250, 690), (390, 650)]),
        (450, 740),
        *curve([(510, 650), (650, 690), (780, 760), (840, 920)]),
    ]
    plate.polygon(
        coat, Shade(min(235, sitter.coat + 70), max(15, sitter.coat - 40), sideways=True), CLOTH, 5
    )
    if sitter.collar == "open":
        plate.polygon(
            [(390, 650), (450, 760), (510, 650), (560, 690), (470, 910), (430, 910), (340, 690)],
            250,
            METAL,
            4,
        )
        plate.line([(390, 650), (450, 770), (510, 650)], 4)
    elif sitter.collar == "bow":
        plate.polygon([(380, 650), (450, 740), (520, 650), (570, 910), (330, 910)], 252, METAL, 4)
        bow = [(450, 716), (360, 676), (356, 762), (450, 724), (544, 762), (540, 676)]
        plate.polygon(bow, 90, METAL, 4)
        plate.red(bow)
    elif sitter.collar == "roll":
        for y in (690, 650):
            plate.ellipse(
                (340, y - 44, 560, y + 48),
                Shade(190, 60, sideways=True),
                Cut(angle=88, period=12, wave=5),
                5,
            )
    elif sitter.collar == "high":
        plate.polygon(
            [(360, 640), (540, 640), (570, 730), (450, 760), (330, 730)],
            Shade(240, 110, sideways=True),
            METAL,
            5,
        )
    if sitter.red == "scarf":
        scarf = curve(
            [
                (330, 660),
                (400, 716),
                (500, 716),
                (570, 660),
                (596, 720),
                (520, 790),
                (400, 790),
                (306, 730),
                (330, 660),
            ]
        )
        plate.polygon(scarf, Shade(190, 110, sideways=True), LEAF, 5)
        plate.red(scarf)
    elif sitter.red == "strap":
        strap = [(200, 716), (250, 692), (620, 920), (550, 920)]
        plate.polygon(strap, 150, METAL, 4)
        plate.red(strap)
    elif sitter.red == "pin":
        plate.red_disc((640, 790), 24)
        plate.line(arc((640, 790), 24, 24, 0, 360), 4)
