"""Scenes in the streets: the town hall, the school, the tram, chimneys and doors."""

from math import cos, pi, sin

from diurna.web.seed.pictures.elements import arc, curve, figure, ground, sky, windows
from diurna.web.seed.pictures.press import (
    CLOTH,
    GROUND,
    LEAF,
    METAL,
    ROOF,
    SKY,
    STONE,
    WALL,
    Cut,
    Plate,
    Point,
    Shade,
)


def town_hall(plate: Plate) -> None:
    """Anstrake Town Hall with its clock, people on the steps."""
    sky(plate, 800, top=150)
    plate.rect((200, 420, 1400, 830), Shade(250, 190, sideways=True), WALL, 4)
    plate.polygon([(170, 424), (260, 330), (1340, 330), (1430, 424)], Shade(110, 60), ROOF, 4)
    windows(plate, (220, 450, 600, 620), 4, 1, share=(0.42, 0.72))
    windows(plate, (1000, 450, 1380, 620), 4, 1, share=(0.42, 0.72))
    windows(plate, (220, 640, 600, 790), 4, 1, share=(0.42, 0.7))
    windows(plate, (1000, 640, 1380, 790), 4, 1, share=(0.42, 0.7))
    plate.rect((690, 130, 910, 430), Shade(252, 110, sideways=True), WALL, 4)
    plate.polygon([(676, 132), (800, 24), (924, 132)], Shade(90, 30), ROOF, 4)
    plate.line([(800, 30), (800, 8)], 5)
    plate.ellipse((728, 190, 872, 334), 255, SKY, 7)
    for hour in range(12):
        a = hour * pi / 6
        plate.line(
            [(800 + 56 * sin(a), 262 - 56 * cos(a)), (800 + 65 * sin(a), 262 - 65 * cos(a))], 5
        )
    plate.line([(800, 262), (800, 214)], 6)
    plate.line([(800, 262), (836, 280)], 8)
    plate.polygon([(600, 480), (800, 372), (1000, 480)], Shade(240, 160), WALL, 4)
    plate.polygon([(660, 470), (800, 396), (940, 470)], 90, STONE, 2)
    plate.rect((600, 480, 1000, 506), 235, WALL, 3)
    plate.rect((620, 506, 980, 790), 60, WALL)
    plate.rect((760, 610, 840, 800), 15, WALL, 3)
    for x in (620, 710, 862, 952):
        plate.rect((x, 506, x + 34, 792), Shade(255, 120, sideways=True), METAL, 3)
    for i in range(5):
        plate.rect(
            (580 - i * 26, 790 + i * 18, 1020 + i * 26, 810 + i * 18), 240 - i * 12, STONE, 2
        )
    ground(plate, 880, far=230, near=150)
    for x, foot, h in (
        (500, 900, 120),
        (560, 906, 116),
        (1080, 910, 126),
        (1180, 960, 150),
        (340, 1000, 170),
        (700, 850, 100),
        (890, 845, 98),
    ):
        figure(plate, x, foot, h, lean=plate.rng.uniform(-4, 4))
    plate.line([(270, 900), (270, 420)], 6)
    plate.red([(274, 424), (274, 494), (400, 470), (386, 452), (404, 432)])


def school(plate: Plate) -> None:
    """Ropewalk Primary School, its roof under tarpaulin."""
    sky(plate, 760, top=190)
    plate.rect(
        (180, 420, 1420, 800), Shade(245, 180, sideways=True), Cut(angle=0, period=9, wave=2), 4
    )
    plate.polygon([(140, 426), (240, 240), (1360, 240), (1460, 426)], Shade(120, 60), ROOF, 4)
    tarp = [(720, 250), (1170, 246), (1230, 410), (700, 424)]
    plate.polygon(tarp, Shade(215, 150), CLOTH, 4)
    plate.red([(720, 250), (1170, 246), (1176, 262), (718, 266)])
    for x in (780, 880, 980, 1080, 1170):
        plate.line(curve([(x - 10, 252), (x + 8, 330), (x - 6, 418)]), 3)
    plate.rect((600, 130, 700, 300), Shade(245, 120, sideways=True), WALL, 4)
    plate.polygon([(588, 132), (650, 70), (712, 132)], 50, ROOF, 3)
    plate.rect((628, 160, 672, 220), 25, WALL, 3)
    plate.polygon([(640, 196), (650, 168), (660, 196), (666, 206), (634, 206)], 240, METAL, 2)
    windows(plate, (210, 460, 600, 640), 3, 1, share=(0.6, 0.8))
    windows(plate, (710, 460, 1390, 640), 5, 1, share=(0.6, 0.8))
    plate.rect((612, 560, 690, 800), 40, WALL, 4)
    plate.line([(651, 560), (651, 800)], 3, light=True)
    ground(plate, 800, far=245, near=190)
    for i in range(17):
        x = i * 100 - 10
        plate.line([(x, 780), (x, 930)], 7)
        plate.polygon([(x - 9, 782), (x, 756), (x + 9, 782)], 20, METAL, 1)
    plate.line([(-10, 810), (1610, 810)], 6)
    plate.line([(-10, 900), (1610, 900)], 6)
    for x, h in ((300, 120), (360, 104), (470, 112), (900, 118), (960, 98), (1230, 124)):
        figure(plate, x, 1010 + plate.rng.uniform(-16, 16), h)
    plate.dot((700, 1000), 22)
    plate.line(arc((700, 1000), 12, 20, -60, 120), 2, light=True)


def tram(plate: Plate) -> None:
    """Line 2 taking the curve at Gullgate."""
    sky(plate, 560, top=200)
    for x, w, h, t in (
        (-20, 260, 440, 150),
        (240, 180, 360, 200),
        (1130, 190, 380, 190),
        (1320, 300, 470, 140),
    ):
        plate.rect((x, 640 - h, x + w, 720), Shade(240, t, sideways=True), WALL, 3)
        plate.polygon([(x - 8, 642 - h), (x + w / 2, 570 - h), (x + w + 8, 642 - h)], 100, ROOF, 3)
        windows(plate, (x + 16, 670 - h, x + w - 16, 600), 3, 3, share=(0.42, 0.58), tone=45)
    ground(plate, 700, far=235, near=150)
    for shift in (0, 130):
        rail = curve(
            [
                (560 + shift, 700),
                (600 + shift * 1.2, 800),
                (760 + shift * 1.5, 940),
                (1050 + shift * 2, 1080),
            ]
        )
        plate.line(rail, 9)
        plate.line(rail, 3, light=True)
    plate.line([(-10, 180), (800, 250), (1610, 150)], 3)
    plate.line([(800, 250), (790, 330)], 3)
    plate.line([(740, 330), (790, 280), (850, 330)], 5)
    plate.polygon(
        [(560, 380), (590, 332), (1010, 332), (1040, 380), (1040, 800), (560, 800)],
        Shade(252, 170, sideways=True),
        WALL,
        5,
    )
    plate.polygon([(560, 640), (1040, 640), (1040, 800), (560, 800)], 120, METAL, 4)
    plate.red([(560, 640), (1040, 640), (1040, 760), (560, 760)])
    plate.rect((590, 420, 1010, 610), 45, WALL, 4)
    for x in (700, 900):
        plate.line([(x, 420), (x, 610)], 8, light=True)
    plate.polygon([(600, 430), (690, 430), (620, 600), (600, 600)], 150, SKY)
    figure(plate, 790, 640, 190)
    plate.rect((600, 346, 1000, 398), 20, WALL, 3)
    for i, on in enumerate("1011011101101"):
        if on == "1":
            plate.line([(640 + i * 26, 372), (656 + i * 26, 372)], 7, light=True)
    plate.ellipse((640, 670, 700, 730), 255, SKY, 5)
    plate.ellipse((900, 670, 960, 730), 255, SKY, 5)
    plate.polygon([(570, 800), (1030, 800), (1000, 860), (600, 860)], 15, METAL, 3)
    for i in range(9):
        a = 20 + i * 17
        end = 1080 + 60 * cos(a * pi / 180) + plate.rng.uniform(0, 40)
        plate.line([(1050, 860), (end, 850 - 40 * sin(a * pi / 180))], 2)
    for x, foot, h in ((300, 860, 200), (390, 840, 180), (1280, 900, 210)):
        figure(plate, x, foot, h)


# Each letter as strokes in a box of one by one, for the lettering on the chimney.
STROKES: dict[str, list[list[Point]]] = {
    "P": [[(0, 1), (0, 0), (0.9, 0.05), (0.95, 0.45), (0, 0.5)]],
    "E": [[(0.95, 0), (0, 0), (0, 1), (0.95, 1)], [(0, 0.5), (0.8, 0.5)]],
    "L": [[(0, 0), (0, 1), (0.95, 1)]],
}


def brewery(plate: Plate) -> None:
    """The chimney of Pell & Daughters over the roofs."""
    sky(plate, 900, top=160)
    for x, y, r in ((930, 120, 60), (1040, 96, 80), (1180, 80, 100), (1350, 50, 120)):
        plate.ellipse((x - r * 1.6, y - r * 0.5, x + r * 1.6, y + r * 0.5), 250, SKY, blur=22)
        plate.ellipse((x - r, y, x + r * 1.3, y + r * 0.5), 110, SKY, blur=20)
    plate.polygon(
        [(780, 860), (806, 150), (894, 150), (930, 860)],
        Shade(245, 60, sideways=True),
        Cut(angle=0, period=9, wave=6),
        5,
    )
    for y in (150, 190, 470):
        plate.rect((796 - (y - 150) * 0.02, y, 904 + (y - 150) * 0.03, y + 16), 30, STONE, 2)
    for i, letter in enumerate("PELL"):
        _letter(plate, letter, 836, 230 + i * 58, 32, 42)
    plate.rect(
        (240, 460, 760, 900), Shade(235, 170, sideways=True), Cut(angle=0, period=10, wave=3), 4
    )
    plate.polygon([(220, 466), (370, 330), (500, 462), (640, 330), (780, 466)], 100, ROOF, 4)
    windows(plate, (260, 500, 740, 840), 4, 3, share=(0.5, 0.62), lit=6)
    plate.rect((930, 560, 1420, 900), Shade(240, 130, sideways=True), WALL, 4)
    plate.polygon([(910, 566), (1175, 440), (1440, 566)], Shade(120, 60), ROOF, 4)
    plate.rect((1100, 640, 1260, 900), 25, METAL, 4)
    plate.line(arc((1180, 640), 80, 60, 180, 360), 5)
    windows(plate, (950, 620, 1090, 840), 1, 2, share=(0.5, 0.6))
    windows(plate, (1270, 620, 1410, 840), 1, 2, share=(0.5, 0.6))
    ground(plate, 890, far=230, near=160)
    for x, y in ((330, 960), (430, 966), (380, 890), (560, 980), (1330, 950), (1440, 968)):
        plate.ellipse(
            (x - 50, y - 54, x + 50, y + 54),
            Shade(240, 80, sideways=True),
            Cut(angle=90, period=12, wave=3),
            5,
        )
        plate.line(arc((x, y), 32, 36, 0, 360), 4)
        plate.dot((x, y), 6)
    figure(plate, 720, 1000, 190)
    figure(plate, 1180, 900, 150)


def _letter(plate: Plate, letter: str, x: float, y: float, w: float, h: float) -> None:
    for stroke in STROKES[letter]:
        plate.line([(x + a * w, y + b * h) for a, b in stroke], 12)
        plate.line([(x + a * w, y + b * h) for a, b in stroke], 5, light=True)


def rows_of_doors(plate: Plate) -> None:
    """Netmakers' Row, five doors and a To Let board."""
    sky(plate, 260, top=205)
    for i in range(5):
        x = -40 + i * 340
        tone = 165 + plate.rng.randrange(0, 60)
        plate.rect(
            (x, 170, x + 340, 900),
            Shade(250, tone, sideways=True),
            Cut(angle=0, period=10, wave=3),
            4,
        )
        plate.polygon([(x, 176), (x + 30, 90), (x + 310, 90), (x + 340, 176)], 80, ROOF, 3)
        plate.rect((x + 250, 40, x + 300, 130), Shade(220, 110, sideways=True), WALL, 3)
        windows(
            plate, (x + 20, 220, x + 320, 420), 2, 1, share=(0.55, 0.75), lit=1 if i == 3 else None
        )
        windows(plate, (x + 20, 500, x + 170, 720), 1, 1, share=(0.72, 0.75))
        door = (x + 200, 540, x + 300, 880)
        plate.rect(door, [60, 30, 110, 45, 75][i], METAL, 5)
        plate.rect((x + 216, 566, x + 284, 680), 150, METAL, 3)
        plate.line([(x + 200, 536), (x + 300, 536)], 14)
        plate.dot((x + 286, 730), 6, light=True)
        if i == 2:
            plate.red([(x + 200, 540), (x + 300, 540), (x + 300, 880), (x + 200, 880)])
        plate.rect((x + 186, 880, x + 314, 904), 240, STONE, 3)
    plate.line([(860, 480), (1000, 450)], 8)
    plate.polygon([(900, 400), (1050, 370), (1050, 450), (900, 480)], 255, STONE, 4)
    plate.line([(920, 430), (1030, 408)], 8)
    plate.line([(920, 454), (990, 440)], 6)
    ground(plate, 900, far=235, near=160)
    for y in (930, 980):
        plate.line([(0, y), (1600, y)], 3)
    plate.ellipse((480, 880, 590, 950), 60, CLOTH, 3)
    plate.ellipse((560, 850, 620, 900), 60, CLOTH, 3)
    plate.solid([(574, 858), (578, 832), (592, 850), (604, 832), (610, 858)])
    plate.line(curve([(486, 920), (440, 900), (430, 860)]), 9)


def signpost(plate: Plate) -> None:
    """A signpost whose arms agree on nothing."""
    sky(plate, 760, top=190)
    plate.polygon(
        [
            *curve([(-20, 770), (300, 690), (700, 740), (1100, 680), (1640, 760)]),
            (1640, 900),
            (-20, 900),
        ],
        Shade(190, 140),
        LEAF,
    )
    ground(plate, 800, far=230, near=150)
    plate.polygon(
        curve([(300, 1080), (600, 930), (760, 850), (700, 780)])
        + curve([(740, 780), (900, 860), (1000, 960), (1300, 1080)]),
        250,
        GROUND,
    )
    plate.polygon(
        [(770, 140), (830, 140), (840, 960), (760, 960)], Shade(240, 60, sideways=True), METAL, 5
    )
    plate.ellipse((758, 90, 842, 158), Shade(240, 90, sideways=True), METAL, 5)
    arms = (
        (200, 1, 12, 0),
        (300, -1, -16, 1),
        (410, 1, -8, 0),
        (510, -1, 20, 0),
        (610, 1, 24, 0),
        (610, -1, -4, 0),
    )
    for y, side, tilt, red in arms:
        length = 430 + plate.rng.uniform(-50, 60)
        x0, x1 = 800 + side * 34, 800 + side * length
        arm = [
            (x0, y),
            (x1, y + tilt),
            (x1 + side * 56, y + 42 + tilt * 1.1),
            (x1, y + 84 + tilt),
            (x0, y + 84),
        ]
        plate.polygon(arm, Shade(255, 205, sideways=True), STONE, 5)
        if red:
            plate.red(arm)
        x = float(x0 + side * 46)
        while abs(x - 800) < length - 50:
            word = plate.rng.uniform(26, 74)
            plate.line([(x, y + 42 + tilt * 0.5), (x + side * word, y + 42 + tilt * 0.6)], 16)
            x += side * (word + 22)
    figure(plate, 560, 1010, 250, lean=-10)
    figure(plate, 1090, 1000, 240, lean=12)
    plate.line([(1110, 850), (1160, 800), (1130, 770)], 12)
