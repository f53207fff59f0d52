"""Scenes in the open: the allotments, the pitch, the swim, the market, a gull."""

from diurna.web.seed.pictures.elements import arc, curve, figure, gulls, sky, windows
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
    Shade,
)


def allotment(plate: Plate) -> None:
    """Gasworks Lane: rows of cabbages, a shed, a red barrow."""
    sky(plate, 430, top=215, bottom=252)
    plate.polygon(
        [
            *curve([(-20, 430), (240, 390), (560, 410), (900, 376), (1300, 404), (1640, 380)]),
            (1640, 470),
            (-20, 470),
        ],
        Shade(120, 160),
        LEAF,
    )
    plate.rect((-10, 450, 1610, 1080), Shade(215, 150), GROUND)
    plate.wash(40, 44, stretch=3, box=(0, 450, 1600, 1067))
    for i in range(7):
        x0, x1 = 560 + i * 90, -140 + i * 330
        row = [(x0 - 16, 470), (x0 + 16, 470), (x1 + 110, 1080), (x1 - 50, 1080)]
        plate.polygon(row, Shade(130, 60), STONE)
        for k in range(9):
            t = (k / 9) ** 1.7
            x = x0 + (x1 + 30 - x0) * t
            y = 480 + 600 * t
            r = 12 + 62 * t
            plate.ellipse((x - r, y - r * 0.66, x + r, y + r * 0.6), Shade(250, 90), LEAF, 2.5)
            for a in range(5):
                plate.line(
                    arc(
                        (x, y),
                        r * (0.25 + a * 0.14),
                        r * (0.16 + a * 0.09),
                        30 + a * 66,
                        190 + a * 66,
                        9,
                    ),
                    1 + 1.6 * t,
                )
    plate.rect((150, 280, 470, 560), Shade(230, 120, sideways=True), METAL, 4)
    plate.polygon([(120, 286), (310, 190), (500, 286)], Shade(110, 50), ROOF, 4)
    plate.rect((270, 370, 350, 560), 40, METAL, 3)
    windows(plate, (370, 350, 460, 440), 1, 1, share=(0.7, 0.7))
    plate.line([(500, 560), (500, 380), (620, 380), (620, 560)], 5)
    for k in range(6):
        plate.line(curve([(510 + k * 20, 556), (500 + k * 22, 470), (520 + k * 18, 384)]), 3)
    plate.polygon([(1130, 700), (1370, 690), (1320, 800), (1180, 800)], 110, METAL, 5)
    plate.red([(1130, 700), (1370, 690), (1320, 800), (1180, 800)])
    plate.line([(1320, 790), (1480, 700)], 8)
    plate.line([(1300, 790), (1350, 860)], 8)
    plate.ellipse((1150, 790, 1240, 880), 240, SKY, 9)
    plate.dot((1195, 835), 8)
    figure(plate, 900, 640, 190, lean=26)
    plate.line([(950, 500), (996, 650)], 6)


TURF = Cut(angle=3, period=9, wave=5, wave_length=40, stretch=2)


def football(plate: Plate) -> None:
    """A header at the near post, Ropewalk Ground."""
    sky(plate, 330, top=215)
    plate.rect((0, 250, 1600, 420), Shade(190, 120), ROOF)
    plate.polygon([(-10, 180), (1610, 130), (1610, 190), (-10, 250)], 50, ROOF, 3)
    for row in range(3):
        for i in range(58):
            x = i * 28 + row * 13 + plate.rng.uniform(-6, 6)
            y = 300 + row * 38 + plate.rng.uniform(-7, 7)
            plate.ellipse(
                (x - 10, y - 13, x + 10, y + 13), plate.rng.choice([250, 225, 90]), CLOTH, 2
            )
    plate.rect((0, 410, 1600, 450), 240, WALL, 3)
    plate.rect((0, 450, 1600, 1067), Shade(235, 165), TURF)
    for i in range(6):
        if i % 2:
            plate.polygon(
                [
                    (i * 260 - 90, 450),
                    (i * 260 + 150, 450),
                    (i * 340 + 10, 1080),
                    (i * 340 - 330, 1080),
                ],
                Shade(200, 120),
                TURF,
            )
    plate.line([(1140, 900), (1140, 300), (1530, 330), (1530, 960)], 14)
    plate.line([(1140, 900), (1140, 300), (1530, 330), (1530, 960)], 7, light=True)
    for i in range(1, 11):
        plate.line([(1140 + i * 39, 303 + i * 3), (1140 + i * 39, 900 + i * 6)], 1.5)
        plate.line([(1140, 300 + i * 58), (1530, 330 + i * 60)], 1.5)
    _player(plate, 640, 760, 1.0, red=True)
    _player(plate, 830, 800, 1.05, red=False)
    _player(plate, 1230, 860, 0.9, red=False)
    plate.ellipse((744, 224, 824, 304), Shade(255, 200), SKY, 5)
    plate.solid([(784, 246), (800, 258), (794, 276), (774, 276), (768, 258)])
    for a, b in ((784, 226), (822, 256), (806, 298), (762, 298), (746, 258)):
        plate.line([(784 + (a - 784) * 0.5, 264 + (b - 264) * 0.5), (a, b)], 4)
    plate.line([(0, 930), (1600, 1000)], 9, light=True)


def _player(plate: Plate, x: float, foot: float, s: float, *, red: bool) -> None:
    plate.line(
        [(x - 20 * s, foot - 190 * s), (x - 60 * s, foot - 90 * s), (x - 96 * s, foot)], 34 * s
    )
    plate.line(
        [(x + 24 * s, foot - 190 * s), (x + 70 * s, foot - 120 * s), (x + 40 * s, foot - 20 * s)],
        34 * s,
    )
    shorts = [
        (x - 62 * s, foot - 250 * s),
        (x + 62 * s, foot - 250 * s),
        (x + 66 * s, foot - 160 * s),
        (x, foot - 170 * s),
        (x - 70 * s, foot - 150 * s),
    ]
    plate.polygon(shorts, Shade(255, 190, sideways=True), CLOTH, 4)
    shirt = [
        (x - 66 * s, foot - 430 * s),
        (x + 64 * s, foot - 430 * s),
        (x + 70 * s, foot - 240 * s),
        (x - 70 * s, foot - 240 * s),
    ]
    for arm in (
        [
            (x - 60 * s, foot - 410 * s),
            (x - 130 * s, foot - 350 * s),
            (x - 150 * s, foot - 270 * s),
        ],
        [
            (x + 60 * s, foot - 410 * s),
            (x + 130 * s, foot - 440 * s),
            (x + 176 * s, foot - 400 * s),
        ],
    ):
        plate.line(arm, 30 * s)
    plate.polygon(shirt, Shade(150 if red else 255, 60 if red else 190, sideways=True), METAL, 4)
    if red:
        plate.red(shirt)
    plate.ellipse(
        (x - 36 * s, foot - 530 * s, x + 40 * s, foot - 436 * s),
        Shade(250, 130, sideways=True),
        CLOTH,
        4,
    )
    plate.solid(arc((x + 2 * s, foot - 490 * s), 40 * s, 46 * s, 180, 350))


def gull(plate: Plate) -> None:
    """A gull on a bollard with somebody's chip."""
    sky(plate, 640, top=185)
    plate.rect(
        (0, 620, 1600, 1067),
        Shade(215, 120),
        Cut(angle=0, period=9, wave=16, wave_length=70, stretch=3),
    )
    plate.wash(30, 50, stretch=5, box=(0, 620, 1600, 1067))
    plate.polygon(
        [(560, 1080), (590, 830), (1010, 830), (1040, 1080)],
        Shade(190, 20, sideways=True),
        METAL,
        5,
    )
    plate.ellipse((540, 760, 1060, 890), Shade(230, 60, sideways=True), METAL, 5)
    plate.line([(740, 690), (730, 800), (700, 812)], 10)
    plate.line([(850, 690), (852, 806), (824, 820)], 10)
    _bird(plate)
    plate.polygon([(330, 330), (440, 366), (434, 388), (322, 352)], 245, ROOF, 4)
    gulls(plate, [(1240, 240, 44), (1380, 300, 30), (250, 180, 26)])


def _bird(plate: Plate) -> None:
    """The gull itself, from the tail to the eye, looking left."""
    tail = [(1050, 560), (1330, 690), (1290, 720), (1000, 660)]
    plate.polygon(tail, Shade(90, 20), LEAF, 4)
    body = curve(
        [
            (560, 350),
            (540, 440),
            (570, 560),
            (680, 680),
            (860, 716),
            (1040, 660),
            (1120, 590),
            (960, 500),
            (800, 420),
            (700, 330),
        ]
    )
    plate.polygon(body, Shade(255, 190), Cut(angle=18, period=10, wave=26, wave_length=150), 5)
    wing = curve(
        [
            (690, 470),
            (820, 470),
            (1010, 540),
            (1250, 700),
            (1020, 668),
            (820, 640),
            (710, 560),
            (690, 470),
        ]
    )
    plate.polygon(wing, Shade(170, 70, sideways=True), Cut(angle=26, period=9, wave=30), 5)
    for i in range(4):
        plate.line(
            curve(
                [
                    (800 + i * 60, 520 + i * 26),
                    (900 + i * 60, 580 + i * 22),
                    (960 + i * 60, 640 + i * 12),
                ]
            ),
            4,
        )
    plate.ellipse((530, 240, 712, 410), Shade(255, 220), SKY, 5)
    plate.polygon(curve([(560, 350), (610, 420), (700, 420), (706, 340), (620, 330)]), 250, SKY)
    plate.polygon([(540, 300), (440, 330), (400, 368), (430, 366), (545, 360)], 150, METAL, 4)
    plate.red([(470, 330), (432, 350), (434, 366), (480, 362)])
    plate.ellipse((580, 285, 612, 317), 250, SKY, 4)
    plate.dot((594, 301), 8)
    plate.line([(560, 276), (620, 268)], 5)


def swimmers(plate: Plate) -> None:
    """Heads in the water between the buoys."""
    sky(plate, 300, top=210)
    plate.polygon([(-10, 300), (500, 270), (520, 306), (-10, 340)], 90, STONE, 3)
    plate.rect(
        (0, 300, 1600, 1067),
        Shade(225, 70),
        Cut(angle=0, period=9, wave=20, wave_length=80, stretch=3),
    )
    plate.wash(34, 60, stretch=4, box=(0, 300, 1600, 1067))
    for x, y, s in (
        (1180, 400, 0.6),
        (980, 470, 0.8),
        (700, 520, 0.95),
        (1270, 640, 1.3),
        (480, 700, 1.5),
        (920, 800, 1.8),
    ):
        plate.ellipse(
            (x - 36 * s, y - 52 * s, x + 36 * s, y + 36 * s),
            Shade(245, 110, sideways=True),
            CLOTH,
            3,
        )
        cap = [*arc((x, y - 12 * s), 38 * s, 44 * s, 175, 365)]
        plate.polygon(cap, 60, METAL, 3)
        if s in (0.95, 1.8):
            plate.red(cap)
        plate.polygon(
            [
                (x + 34 * s, y + 30 * s),
                (x + 92 * s, y - 66 * s),
                (x + 112 * s, y - 60 * s),
                (x + 172 * s, y + 22 * s),
                (x + 154 * s, y + 28 * s),
                (x + 102 * s, y - 34 * s),
                (x + 62 * s, y + 34 * s),
            ],
            Shade(245, 150, sideways=True),
            CLOTH,
            3,
        )
        for k in range(3):
            plate.line(
                arc((x + 10 * s, y + 34 * s), (70 + k * 46) * s, (10 + k * 9) * s, 10, 170),
                3 + s,
                light=True,
            )
    for x, y, s in ((300, 440, 0.8), (1460, 520, 1.2)):
        plate.polygon(
            [(x - 40 * s, y), (x, y - 110 * s), (x + 40 * s, y)],
            Shade(200, 60, sideways=True),
            METAL,
            4,
        )
        plate.red([(x - 40 * s, y), (x, y - 110 * s), (x + 40 * s, y)])
        plate.line(arc((x, y), 70 * s, 14 * s, 0, 180), 5, light=True)


def fish_market(plate: Plate) -> None:
    """The auction floor: boxes of fish, porters, a chalk board."""
    plate.rect((0, 0, 1600, 620), Shade(120, 190), METAL)
    for i in range(6):
        bay = i * 300
        plate.polygon([(bay - 30, 0), (bay + 150, 130), (bay + 330, 0)], 50, ROOF, 4)
        plate.rect((bay + 138, 120, bay + 162, 560), 30, WALL)
    plate.rect((500, 170, 1080, 400), 25, STONE, 6)
    for row in range(5):
        y = 206 + row * 42
        plate.line([(530, y), (530 + plate.rng.uniform(110, 190), y)], 5, light=True)
        plate.line([(800, y), (860, y)], 5, light=True)
        plate.line([(930, y), (930 + plate.rng.uniform(60, 110), y)], 5, light=True)
    plate.line([(930, 290), (1040, 290)], 4, light=True)
    plate.red([(920, 278), (1050, 278), (1050, 302), (920, 302)])
    for x, h in ((120, 300), (240, 330), (390, 290), (1160, 320), (1290, 300), (1440, 340)):
        figure(plate, x, 620, h, lean=plate.rng.uniform(-14, 14))
    plate.rect((0, 590, 1600, 1067), Shade(225, 150), GROUND)
    for row in range(3):
        for column in range(4 + row % 2):
            s = 0.72 + row * 0.28
            _fish_box(plate, -90 + column * 430 * s + row * 40, 610 + row * 150, s)


def _fish_box(plate: Plate, x: float, y: float, s: float) -> None:
    plate.polygon(
        [(x, y + 60 * s), (x + 40 * s, y), (x + 360 * s, y), (x + 390 * s, y + 60 * s)],
        40,
        STONE,
        4,
    )
    for i in range(4):
        fx, fy = x + 70 * s + i * 72 * s, y + 30 * s - (i % 2) * 16 * s
        body = curve(
            [
                (fx - 60 * s, fy + 6 * s),
                (fx - 10 * s, fy - 24 * s),
                (fx + 60 * s, fy),
                (fx - 6 * s, fy + 26 * s),
                (fx - 60 * s, fy + 6 * s),
            ],
            8,
        )
        plate.polygon([*body], Shade(250, 120), Cut(angle=60, period=6, wave=12, wave_length=40), 3)
        plate.polygon(
            [(fx + 52 * s, fy), (fx + 84 * s, fy - 22 * s), (fx + 78 * s, fy + 22 * s)],
            140,
            ROOF,
            2,
        )
        plate.dot((fx - 38 * s, fy), 4 * s)
    plate.polygon(
        [
            (x, y + 60 * s),
            (x + 390 * s, y + 60 * s),
            (x + 376 * s, y + 150 * s),
            (x + 14 * s, y + 150 * s),
        ],
        Shade(240, 150),
        Cut(angle=0, period=10, wave=4),
        4,
    )
    plate.line([(x + 6 * s, y + 104 * s), (x + 384 * s, y + 104 * s)], 4)
    plate.line([(x + 150 * s, y + 82 * s), (x + 240 * s, y + 82 * s)], 9 * s)
