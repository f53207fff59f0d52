"""Scenes under a roof: shelves, a stage, an oven, a bell, a glass of tea."""

from diurna.web.seed.pictures.elements import arc, curve, figure, ground
from diurna.web.seed.pictures.press import (
    CLOTH,
    GROUND,
    METAL,
    ROOF,
    SKY,
    STONE,
    WALL,
    Cut,
    Plate,
    Shade,
)


def library(plate: Plate) -> None:
    """Quay Street Library: shelves, a ladder, a reader."""
    plate.rect((0, 0, 1600, 900), Shade(150, 90), WALL)
    for shelf in range(5):
        y = 40 + shelf * 172
        plate.rect((0, y, 1600, y + 160), Shade(50, 20), WALL)
        x = 10.0
        while x < 1590:
            w = plate.rng.uniform(18, 52)
            h = plate.rng.uniform(96, 146)
            returned = shelf == 2 and 700 < x < 760
            tone = 235 if returned else plate.rng.choice([250, 225, 190, 150, 110, 70])
            lean = plate.rng.choice([0, 0, 0, 0, 14])
            if plate.rng.random() < 0.06:
                x += 40
                continue
            book = [
                (x, y + 160),
                (x + lean, y + 160 - h),
                (x + w + lean, y + 160 - h),
                (x + w, y + 160),
            ]
            plate.polygon(book, Shade(tone, max(20, tone - 80), sideways=True), METAL, 2.5)
            plate.line(
                [
                    (x + 3 + lean * 0.8, y + 166 - h * 0.86),
                    (x + w - 3 + lean * 0.8, y + 166 - h * 0.86),
                ],
                3,
            )
            if returned:
                plate.red(book)
            x += w + 2 + lean
        plate.rect((0, y + 158, 1600, y + 176), 210, STONE, 3)
    plate.line([(1180, 1000), (1300, 60)], 13)
    plate.line([(1290, 1000), (1380, 60)], 13)
    for i in range(11):
        t = i / 11
        plate.line([(1186 + 114 * t, 950 - 860 * t), (1294 + 82 * t, 950 - 860 * t)], 8)
    ground(plate, 900, far=200, near=110)
    plate.polygon([(260, 820), (820, 820), (860, 850), (220, 850)], 200, STONE, 4)
    plate.rect((290, 850, 320, 1067), 30, WALL)
    plate.rect((760, 850, 790, 1067), 30, WALL)
    plate.polygon(
        [(470, 800), (540, 780), (612, 800), (612, 816), (540, 800), (470, 816)], 250, STONE, 3
    )
    plate.line([(700, 820), (700, 700), (650, 660)], 7)
    plate.polygon([(610, 690), (650, 640), (700, 676)], 20, ROOF, 3)
    plate.glow((560, 800), 190, 245)
    plate.ellipse((498, 590, 584, 700), Shade(245, 120, sideways=True), CLOTH, 4)
    plate.solid([*arc((541, 636), 50, 54, 175, 365), (584, 620), (520, 612), (500, 640)])
    plate.polygon(
        curve([(400, 822), (430, 730), (541, 694), (650, 736), (690, 822)]),
        Shade(170, 50, sideways=True),
        CLOTH,
        4,
    )


def stage(plate: Plate) -> None:
    """A stage with one lamp, two players and the backs of heads."""
    plate.rect((0, 0, 1600, 1067), 30, WALL)
    plate.rect((230, 120, 1370, 760), Shade(70, 150), SKY)
    plate.polygon([(800, 100), (1230, 760), (420, 760)], 240, SKY)
    plate.ellipse((380, 700, 1270, 830), 255, SKY, blur=16)
    plate.polygon(
        [(160, 740), (1440, 740), (1600, 880), (0, 880)],
        Shade(225, 130),
        Cut(angle=0, period=12, wave=2),
        4,
    )
    plate.ellipse((430, 752, 1190, 840), 255, SKY, blur=14)
    for side in (-1, 1):
        for i in range(8):
            x = 800 + side * (800 - i * 44)
            fold = curve([(x, 0), (x - side * 8, 400), (x + side * (30 - i * 3), 800)])
            inner = [(px - side * 44, py) for px, py in reversed(fold)]
            plate.polygon([*fold, *inner], Shade(120, 30, sideways=True), METAL, 3)
            if i < 7:
                plate.red([*fold, *inner])
    for i in range(11):
        swag = arc((100 + i * 140, 0), 86, 150, 0, 180)
        plate.polygon(swag, Shade(40, 130), METAL, 4)
        plate.red(swag)
    figure(plate, 660, 800, 330, lean=18)
    figure(plate, 960, 806, 310, lean=-12)
    plate.solid([(590, 800), (650, 600), (700, 600), (740, 800)])
    plate.line([(1000, 590), (1120, 500)], 18)
    plate.line([(1120, 500), (1128, 430)], 7)
    plate.polygon([(1096, 430), (1128, 380), (1160, 430)], 20, ROOF, 2)
    for row in range(2):
        for i in range(12):
            _head(plate, -40 + i * 145 + row * 70, 950 + row * 74)


def _head(plate: Plate, x: float, y: float) -> None:
    """Somebody in the stalls, seen from behind."""
    x, y = x + plate.rng.uniform(-14, 14), y + plate.rng.uniform(-10, 10)
    plate.ellipse((x - 42, y - 54, x + 42, y + 54), Shade(110, 10), CLOTH, 3)
    plate.polygon(
        curve(
            [
                (x - 92, y + 150),
                (x - 74, y + 62),
                (x, y + 40),
                (x + 74, y + 62),
                (x + 92, y + 150),
            ]
        ),
        18,
        CLOTH,
        3,
    )


def ropeworks(plate: Plate) -> None:
    """The long shed of the ropeworks, three strands becoming one."""
    plate.rect((0, 0, 1600, 1067), Shade(130, 80), METAL)
    centre = (1050, 470)
    for i in range(9):
        t = (i / 8) ** 1.6
        s = 1 - 0.88 * t
        cx, cy = 800 + (centre[0] - 800) * t, 533 + (centre[1] - 533) * t
        w, h = 830 * s, 560 * s
        frame = [
            (cx - w, cy + h),
            (cx - w, cy - h * 0.35),
            (cx, cy - h),
            (cx + w, cy - h * 0.35),
            (cx + w, cy + h),
        ]
        plate.polygon(frame, Shade(110 + i * 14, 70 + i * 12), WALL if i % 2 else METAL, 5)
        plate.line(frame, 14 * s + 3)
        if 1 < i < 7:
            pane = [
                (cx + w * 0.99, cy - h * 0.2),
                (cx + w * 0.99, cy + h * 0.3),
                (cx + w * 0.86, cy + h * 0.27),
                (cx + w * 0.86, cy - h * 0.18),
            ]
            plate.solid(pane, light=True)
    plate.ellipse((1000, 430, 1100, 510), 255, SKY, blur=16)
    plate.polygon([(1030, 505), (1072, 505), (1720, 1080), (-220, 1080)], Shade(240, 170), GROUND)
    for j, (x, y) in enumerate(((180, 640), (250, 780), (150, 900))):
        strand = curve([(x, y), (430, 700 + j * 26), (640, 660 + j * 8), (760, 640)])
        plate.line(strand, 44 - j * 2)
        plate.line(strand, 34 - j * 2, light=True)
        for k in range(2, len(strand) - 3, 2):
            sx, sy = strand[k]
            plate.line([(sx - 16, sy - 15), (sx + 16, sy + 15)], 3)
    rope = curve([(740, 646), (860, 606), (960, 552), (1046, 500)])
    for k, (sx, sy) in enumerate(rope):
        r = 34 - 30 * k / len(rope)
        plate.ellipse((sx - r, sy - r, sx + r, sy + r), 245, SKY, 2)
        plate.line([(sx - r * 0.7, sy - r * 0.6), (sx + r * 0.7, sy + r * 0.7)], 2.5)
    plate.polygon(
        [(690, 560), (800, 560), (830, 860), (670, 860)], Shade(200, 40, sideways=True), METAL, 4
    )
    plate.ellipse((690, 580, 806, 700), Shade(230, 90), ROOF, 4)
    plate.red_disc((748, 640), 34)
    figure(plate, 520, 900, 330, lean=22)
    figure(plate, 1160, 700, 130)


def bakery(plate: Plate) -> None:
    """Four in the morning at Dray's: the oven, the peel, the loaves."""
    plate.rect((0, 0, 1600, 1067), Shade(120, 60), Cut(angle=0, period=12, wave=3))
    for row in range(8):
        for k in range(9):
            x = k * 200 + (row % 2) * 100 - 80
            plate.line([(x, row * 90), (x, row * 90 + 90)], 3)
        plate.line([(0, row * 90), (1600, row * 90)], 3)
    _oven(plate)
    plate.rect((120, 600, 1000, 650), 235, STONE, 4)
    ground(plate, 860, far=180, near=100)
    plate.polygon(
        [(300, 840), (1600, 800), (1600, 1080), (240, 1080)],
        Shade(245, 170),
        Cut(angle=-2, period=13, wave=8),
        5,
    )
    for x, y in (
        (520, 880),
        (720, 900),
        (930, 870),
        (620, 960),
        (850, 970),
        (1080, 950),
        (1300, 900),
        (1480, 960),
    ):
        plate.ellipse((x - 110, y - 62, x + 110, y + 62), Shade(240, 70), CLOTH, 5)
        for c in range(3):
            plate.line(
                curve(
                    [(x - 60 + c * 44, y - 34), (x - 40 + c * 44, y - 6), (x - 42 + c * 44, y + 22)]
                ),
                7,
                light=True,
            )
    plate.line([(820, 580), (1290, 640)], 12)
    plate.ellipse((1240, 320, 1340, 440), Shade(245, 110, sideways=True), CLOTH, 4)
    plate.polygon([(1236, 360), (1244, 290), (1330, 286), (1344, 356)], 250, STONE, 4)
    plate.polygon(
        curve([(1130, 830), (1160, 560), (1240, 452), (1350, 460), (1440, 580), (1460, 830)]),
        Shade(250, 120, sideways=True),
        METAL,
        5,
    )
    plate.line([(1200, 540), (1130, 620), (1180, 640)], 34)
    plate.line([(1400, 560), (1330, 660), (1250, 650)], 34)


def _oven(plate: Plate) -> None:
    """The glowing mouth of the oven, with four loaves in it."""
    mouth = [*arc((560, 470), 330, 270, 180, 360), (890, 600), (230, 600)]
    outer = [*arc((560, 470), 400, 340, 180, 360), (960, 620), (160, 620)]
    plate.polygon(outer, Shade(235, 150), STONE, 5)
    for a in range(180, 361, 18):
        plate.line(
            [arc((560, 470), 330, 270, a, a, 1)[0], arc((560, 470), 400, 340, a, a, 1)[0]], 4
        )
    plate.polygon(mouth, 20, WALL, 5)
    plate.red([*arc((560, 480), 290, 220, 180, 360), (850, 590), (270, 590)])
    plate.ellipse((330, 470, 800, 640), 235, SKY, blur=24)
    for x in (370, 480, 590, 700):
        plate.polygon(
            [*arc((x, 590), 60, 58, 180, 360), (x + 60, 600), (x - 60, 600)],
            Shade(235, 90),
            CLOTH,
            4,
        )
        plate.line([(x - 26, 556), (x + 20, 548)], 4, light=True)


def bell(plate: Plate) -> None:
    """A bell fresh from the pit, its founder beside it."""
    plate.rect((0, 0, 1600, 1067), Shade(170, 90), METAL)
    plate.wash(160, 60)
    plate.rect((0, 0, 1600, 70), 40, STONE, 4)
    plate.line([(700, 70), (700, 200)], 16)
    plate.glow((640, 480), 560, 215)
    shape = (
        curve([(560, 230), (520, 300), (500, 480), (460, 640), (360, 800)])
        + curve([(360, 800), (340, 850), (700, 880), (1060, 850), (1040, 800)])
        + curve(
            [(1040, 800), (940, 640), (900, 480), (880, 300), (840, 230), (700, 206), (560, 230)]
        )
    )
    plate.polygon(
        shape, Shade(250, 20, sideways=True), Cut(angle=80, period=9, wave=60, wave_length=700), 6
    )
    for y, w, dy in (
        (310, 184, 16),
        (340, 190, 16),
        (650, 246, 20),
        (680, 262, 20),
        (780, 330, 26),
    ):
        plate.line(arc((700, y), w, dy, 0, 180), 5)
        plate.line(arc((700, y + 8), w, dy, 0, 180), 3, light=True)
    plate.red([*arc((700, 655), 248, 20, 0, 180), *arc((700, 675), 258, 20, 180, 0)])
    plate.line([(640, 226), (650, 170), (750, 170), (760, 226)], 18)
    plate.ellipse((650, 850, 750, 930), 20, METAL, 4)
    ground(plate, 930, far=180, near=90)
    plate.polygon([(200, 960), (1200, 940), (1260, 1000), (160, 1020)], 60, STONE, 3)
    plate.ellipse((1230, 350, 1320, 462), Shade(245, 110, sideways=True), CLOTH, 4)
    plate.solid(arc((1275, 392), 50, 48, 180, 360))
    plate.polygon(
        curve([(1130, 940), (1150, 620), (1210, 490), (1340, 486), (1410, 620), (1430, 940)]),
        Shade(200, 40, sideways=True),
        CLOTH,
        5,
    )
    plate.line([(1190, 560), (1080, 660), (990, 600)], 36)
    plate.ellipse((955, 574, 1012, 630), 240, SKY, 4)


def tea(plate: Plate) -> None:
    """A glass of tea on a table by the window of the Seamen's Room."""
    plate.rect((0, 0, 1600, 1067), Shade(150, 90), WALL)
    plate.rect((860, 60, 1480, 620), Shade(235, 252), SKY, 6)
    plate.rect(
        (860, 450, 1480, 620),
        Shade(190, 120),
        Cut(angle=0, period=8, wave=14, wave_length=60, stretch=3),
        3,
    )
    plate.polygon([(980, 440), (1240, 440), (1220, 480), (1000, 480)], 30, WALL, 2)
    plate.rect((1040, 400, 1110, 440), 200, WALL, 2)
    plate.line([(1170, 330), (1170, 440)], 6)
    plate.line([(1170, 60), (1170, 620)], 12)
    plate.line([(860, 330), (1480, 330)], 12)
    plate.rect((820, 612, 1520, 650), 230, STONE, 4)
    plate.polygon(
        [(-20, 780), (1620, 740), (1620, 1080), (-20, 1080)],
        Shade(235, 130),
        Cut(angle=-2, period=11, wave=20, wave_length=160, stretch=4),
        5,
    )
    plate.glow((900, 860), 420, 250)
    plate.ellipse((330, 850, 830, 960), Shade(255, 190), SKY, 5)
    plate.ellipse((420, 872, 740, 934), 150, SKY, 3)
    glass = (
        curve([(440, 480), (470, 620), (450, 740), (500, 890)])
        + curve([(500, 890), (580, 910), (660, 890)])
        + curve([(660, 890), (710, 740), (690, 620), (720, 480)])
    )
    plate.polygon(glass, Shade(240, 150, sideways=True), METAL, 5)
    liquid = (
        curve([(452, 560), (470, 640), (450, 740), (500, 880)])
        + curve([(500, 880), (580, 898), (660, 880)])
        + curve([(660, 880), (708, 740), (690, 640), (708, 560)])
    )
    plate.polygon(liquid, Shade(150, 60, sideways=True), METAL, 3)
    plate.red(liquid)
    plate.ellipse((440, 466, 720, 500), 245, SKY, 4)
    plate.ellipse((452, 545, 708, 578), 130, SKY, 3)
    plate.line(curve([(486, 600), (500, 700), (492, 780)]), 9, light=True)
    for x, s in ((520, 1), (590, -1), (650, 1)):
        plate.line(
            curve([(x, 440), (x + 34 * s, 380), (x - 26 * s, 300), (x + 20 * s, 220)]),
            4,
            light=True,
        )
    for x, y in ((930, 900), (1010, 880), (980, 930)):
        plate.polygon([(x, y), (x + 50, y - 14), (x + 72, y + 14), (x + 24, y + 32)], 255, STONE, 3)
        plate.polygon([(x, y), (x + 24, y + 32), (x + 24, y + 70), (x, y + 40)], 120, WALL, 3)
        plate.polygon(
            [(x + 24, y + 32), (x + 72, y + 14), (x + 72, y + 52), (x + 24, y + 70)], 200, WALL, 3
        )


def council_papers(plate: Plate) -> None:
    """A pile of papers, spectacles, a pencil: the budget."""
    plate.rect(
        (0, 0, 1600, 1067),
        Shade(120, 70),
        Cut(angle=-4, period=11, wave=26, wave_length=200, stretch=4),
    )
    plate.wash(120, 50)
    for i in range(9):
        y = 780 - i * 18
        tilt = plate.rng.uniform(-18, 18)
        plate.polygon(
            [(330 + tilt, y), (1040 + tilt, y - 46), (1240 + tilt, y + 150), (450 + tilt, y + 230)],
            245,
            STONE,
            4,
        )
    top = [(330, 600), (1040, 554), (1240, 750), (450, 830)]
    plate.polygon(top, 255, STONE, 5)
    for i in range(9):
        t = i / 10 + 0.08
        x0, y0 = 370 + 120 * t, 612 + 226 * t
        x1 = 1010 + 200 * t - plate.rng.uniform(0, 260)
        y1 = 560 + 196 * t
        plate.line([(x0, y0), (x1, y0 + (y1 - y0) * (x1 - x0) / (1010 + 200 * t - x0))], 4)
    plate.red([(700, 628), (980, 608), (1000, 630), (716, 652)])
    for x, y in ((860, 470), (1090, 452)):
        plate.line(arc((x, y + 250), 96, 60, 0, 360), 10)
        plate.line(arc((x, y + 250), 78, 44, 200, 290), 4, light=True)
    plate.line(arc((975, 708), 26, 20, 180, 360), 10)
    plate.line(curve([(1186, 696), (1330, 640), (1400, 560)]), 9)
    plate.line(curve([(764, 716), (700, 650), (690, 590)]), 9)
    pencil = [(1180, 930), (1480, 800), (1498, 836), (1200, 968)]
    plate.polygon(pencil, Shade(245, 120), METAL, 4)
    plate.polygon([(1180, 930), (1200, 968), (1130, 972)], 240, STONE, 4)
    plate.dot((1140, 968), 8)
    cup = [(150, 330), (400, 330), (376, 560), (180, 560)]
    plate.polygon(cup, Shade(250, 110, sideways=True), METAL, 5)
    plate.ellipse((150, 296, 400, 364), 40, SKY, 5)
    plate.line(arc((140, 430), 64, 70, 90, 270), 14)
