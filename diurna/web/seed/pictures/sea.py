"""Scenes on the water: the light, the ferry, weather, the moon, a gig."""

from diurna.web.seed.pictures.elements import arc, curve, figure, gulls, sea, sky, windows
from diurna.web.seed.pictures.press import (
    HALFTONE,
    METAL,
    ROOF,
    ROUGH_SEA,
    SEA,
    SKY,
    STONE,
    WALL,
    Cut,
    Plate,
    Shade,
)


def lighthouse(plate: Plate) -> None:
    """Tamsin Head Light by day, on its rock."""
    sky(plate, 720, top=120)
    sea(plate, 700, far=210, near=90)
    rock = curve(
        [
            (520, 1080),
            (600, 900),
            (720, 820),
            (830, 742),
            (960, 716),
            (1110, 720),
            (1210, 770),
            (1330, 800),
            (1450, 900),
            (1620, 960),
        ]
    )
    plate.polygon(
        [*rock, (1620, 1080)], Shade(170, 30), Cut(angle=-62, period=9, wave=26, wave_length=110), 4
    )
    for i in range(16):
        x = 640 + i * 58
        y = 880 + plate.rng.uniform(-30, 60)
        plate.line(curve([(x, y), (x + 26, y + 50), (x + 12, y + 120)]), 3, light=i % 2 == 0)
    plate.polygon(
        [(960, 724), (992, 250), (1090, 250), (1124, 724)],
        Shade(255, 70, sideways=True),
        Cut(angle=0, period=9, wave=10),
        4,
    )
    for top, bottom, a, b in ((360, 450, 0.23, 0.42), (560, 660, 0.65, 0.86)):
        left = 992 - 32 * a, 992 - 32 * b
        right = 1090 + 34 * a, 1090 + 34 * b
        band = [(left[0] - 1, top), (right[0], top), (right[1], bottom), (left[1] - 1, bottom)]
        plate.polygon(band, Shade(120, 40, sideways=True), METAL, 3)
        plate.red(band)
    plate.polygon([(972, 252), (972, 232), (1110, 232), (1110, 252)], 40, METAL, 3)
    plate.rect((1004, 160, 1078, 234), Shade(255, 190, sideways=True), WALL, 4)
    for x in (1022, 1041, 1060):
        plate.line([(x, 160), (x, 234)], 3)
    plate.polygon([(994, 162), (1041, 104), (1088, 162)], 30, ROOF, 3)
    plate.line([(1041, 106), (1041, 70)], 4)
    plate.line([(972, 232), (972, 206), (1110, 206), (1110, 232)], 3)
    for y in (300, 500):
        plate.rect((1030, y, 1050, y + 38), 20, WALL, 2)
    plate.rect((1180, 690, 1340, 800), Shade(250, 120, sideways=True), STONE, 3)
    plate.polygon([(1166, 694), (1260, 630), (1354, 694)], 60, ROOF, 3)
    windows(plate, (1190, 706, 1330, 780), 2, 1, share=(0.4, 0.6))
    for x, y, w in ((300, 860, 200), (120, 950, 260), (380, 980, 160)):
        plate.line(curve([(x, y), (x + w / 2, y - 14), (x + w, y)]), 4, light=True)
    gulls(plate, [(560, 300, 46), (690, 380, 30), (420, 240, 26), (1300, 330, 30)])


def lamp_night(plate: Plate) -> None:
    """The same light by night, its beam across the water."""
    plate.rect((0, 0, 1600, 800), Shade(38, 95), SKY)
    plate.polygon([(420, 330), (1640, 90), (1640, 420), (420, 352)], 235, SKY)
    plate.polygon([(420, 332), (-20, 250), (-20, 420), (420, 350)], 215, SKY)
    plate.wash(60, 24, stretch=3)
    plate.rect((0, 760, 1600, 1067), Shade(90, 25), SEA)
    plate.glow((420, 340), 190, 255)
    plate.ellipse((900, 800, 1500, 850), 190, SEA, blur=26)
    rock = curve(
        [(-20, 900), (150, 820), (300, 770), (430, 760), (540, 800), (660, 880), (760, 1080)]
    )
    plate.polygon([*rock, (-20, 1080)], 18, STONE, 3)
    plate.polygon(
        [(370, 770), (392, 390), (450, 390), (474, 770)], Shade(150, 20, sideways=True), METAL, 3
    )
    plate.rect((378, 376, 464, 394), 10, METAL)
    plate.rect((398, 312, 446, 378), 255, WALL, 3)
    pane = [(400, 314), (444, 314), (444, 376), (400, 376)]
    plate.red(pane)
    plate.polygon([(388, 314), (422, 270), (456, 314)], 8, ROOF, 2)
    for _ in range(60):
        plate.dot(
            (plate.rng.uniform(40, 1560), plate.rng.uniform(40, 700)),
            plate.rng.uniform(1.2, 2.8),
            light=True,
        )
    plate.polygon([(1090, 800), (1240, 800), (1220, 826), (1110, 826)], 10, WALL)
    plate.rect((1130, 776, 1180, 800), 10, WALL)
    plate.dot((1156, 768), 4, light=True)


def ferry(plate: Plate) -> None:
    """The Constance coming in, smoke over the stern."""
    sky(plate, 640, top=175)
    for x, y, r in ((1000, 300, 60), (1090, 262, 74), (1200, 236, 90), (1330, 200, 100)):
        plate.ellipse((x - r * 1.5, y - r * 0.5, x + r * 1.5, y + r * 0.5), 90, SKY, blur=24)
    plate.polygon(
        curve([(-20, 640), (160, 570), (330, 590), (520, 610), (700, 640)]), Shade(170, 210), ROOF
    )
    sea(plate, 640, far=225, near=70)
    hull = [(240, 640), (330, 780), (1290, 780), (1380, 700), (1390, 630), (1300, 650)]
    plate.polygon(hull, Shade(60, 20), WALL, 4)
    plate.red([(300, 742), (1330, 742), (1290, 780), (330, 780)])
    plate.line([(270, 686), (1382, 686)], 5, light=True)
    plate.polygon(
        [(330, 560), (1300, 560), (1330, 650), (270, 645)], Shade(255, 200, sideways=True), WALL, 4
    )
    windows(plate, (360, 576, 1280, 634), 18, 1, share=(0.55, 0.7))
    plate.polygon(
        [(450, 490), (1190, 490), (1220, 560), (430, 560)], Shade(255, 190, sideways=True), WALL, 4
    )
    windows(plate, (480, 500, 1180, 552), 13, 1, share=(0.5, 0.7))
    plate.polygon(
        [(500, 410), (680, 410), (700, 490), (480, 490)], Shade(250, 180, sideways=True), WALL, 4
    )
    windows(plate, (500, 422, 690, 470), 5, 1, share=(0.75, 0.7))
    plate.polygon(
        [(880, 350), (990, 340), (1004, 490), (876, 490)], Shade(210, 40, sideways=True), METAL, 4
    )
    plate.red([(880, 390), (996, 384), (999, 430), (878, 434)])
    plate.line([(590, 410), (590, 290), (600, 300), (330, 560)], 3)
    plate.line([(590, 300), (930, 345)], 2)
    plate.line([(330, 560), (330, 520), (450, 520)], 3)
    for i in range(9):
        figure(plate, 1020 + i * 22 + plate.rng.uniform(-6, 6), 562, 46)
    for x, y, w in (
        (180, 790, 300),
        (420, 830, 420),
        (900, 800, 460),
        (60, 880, 420),
        (700, 920, 520),
    ):
        plate.line(
            curve([(x, y), (x + w * 0.3, y - 12), (x + w * 0.6, y + 8), (x + w, y - 4)]),
            6,
            light=True,
        )
    gulls(plate, [(300, 300, 44), (210, 390, 30), (1470, 400, 28), (760, 220, 24)])


def storm(plate: Plate) -> None:
    """A sea going over the North Mole."""
    plate.rect(
        (0, 0, 1600, 760),
        Shade(60, 170),
        Cut(angle=-16, period=9, wave=30, wave_length=300, stretch=2),
    )
    plate.wash(120, 70, stretch=2)
    plate.rect((0, 560, 1600, 1067), Shade(150, 40), ROUGH_SEA)
    plate.wash(60, 60, stretch=3, box=(0, 560, 1600, 1067))
    for x, y, w, h in (
        (1010, 640, 250, 190),
        (1060, 500, 200, 180),
        (960, 540, 170, 190),
        (1130, 400, 130, 150),
        (1020, 360, 110, 140),
        (1090, 280, 70, 110),
    ):
        plate.ellipse((x - w, y - h, x + w, y + h), 255, SKY, blur=16)
    for _ in range(26):
        left, top = plate.rng.gauss(1040, 110), plate.rng.uniform(330, 720)
        plate.ellipse(
            (left - 50, top - 80, left + 30, top + 70), plate.rng.choice([130, 170]), SKY, blur=17
        )
        plate.ellipse((left - 10, top - 90, left + 60, top + 40), 255, SKY, blur=15)
    for _ in range(900):
        angle = plate.rng.gauss(-86, 34)
        reach = plate.rng.triangular(180, 640, 420)
        tip = arc((1030, 740), reach * 0.8, reach, angle, angle, 1)[0]
        plate.dot(tip, plate.rng.uniform(2, 11) * (1.15 - reach / 640), light=True)
    for _ in range(60):
        angle = plate.rng.gauss(-86, 30)
        reach = plate.rng.uniform(330, 520)
        a = arc((1030, 740), reach * 0.8, reach, angle, angle, 1)[0]
        b = arc((1030, 740), reach * 0.92, reach * 1.14, angle + 2, angle + 2, 1)[0]
        plate.line([a, b], plate.rng.uniform(2, 5), light=True)
    plate.polygon([(560, 800), (1640, 690), (1640, 860), (560, 900)], Shade(150, 60), STONE, 4)
    for i in range(13):
        x = 590 + i * 84
        plate.line([(x, 800 - (x - 560) * 0.1), (x + 6, 896 - (x - 560) * 0.035)], 3)
    plate.line([(560, 850), (1640, 770)], 3)
    plate.rect((612, 640, 660, 800), Shade(220, 60, sideways=True), WALL, 3)
    plate.polygon([(604, 642), (636, 600), (668, 642)], 20, ROOF, 2)
    plate.red([(622, 652), (650, 652), (650, 684), (622, 684)])
    for y, shift in ((930, 0), (1000, 120)):
        crest = curve(
            [
                (-20, y + 60),
                (160 + shift, y - 40),
                (330 + shift, y + 10),
                (520 + shift, y + 50),
                (760 + shift, y - 36),
                (960 + shift, y + 20),
                (1200 + shift, y - 20),
                (1640, y + 40),
            ]
        )
        plate.polygon([*crest, (1640, 1080), (-20, 1080)], Shade(190, 30), ROUGH_SEA)
        plate.line(crest, 9, light=True)
        plate.line([(x, yy + 8) for x, yy in crest], 3)


def moon(plate: Plate) -> None:
    """The moon over the breakwater, a small boat in its path."""
    plate.rect((0, 0, 1600, 660), Shade(30, 120), SKY)
    plate.glow((1080, 280), 430, 190)
    plate.ellipse((985, 185, 1175, 375), 255, SKY, 3)
    plate.ellipse((1030, 225, 1080, 262), 220, HALFTONE, blur=8)
    plate.ellipse((1085, 280, 1140, 330), 225, HALFTONE, blur=8)
    for y, x, w in ((330, 760, 520), (180, 300, 420), (430, 1000, 500)):
        plate.ellipse((x, y, x + w, y + 20), 70, SKY, blur=12)
    plate.rect((0, 640, 1600, 1067), Shade(110, 18), SEA)
    for i in range(17):
        top = 652 + i * i * 1.45
        half = 34 + i * 9
        middle = 1080 + plate.rng.uniform(-26, 26)
        strip = (middle - half, top, middle + half, top + 5 + i * 0.7)
        plate.ellipse(strip, 252, SEA, blur=2)
    plate.polygon([(-20, 600), (700, 628), (760, 664), (-20, 690)], 22, STONE, 3)
    for i in range(11):
        plate.line([(20 + i * 66, 606 + i * 2.4), (24 + i * 66, 680 - i * 2)], 2, light=True)
    plate.rect((640, 520, 676, 630), 20, WALL, 2)
    plate.polygon([(632, 522), (658, 490), (684, 522)], 10, ROOF)
    plate.red_disc((658, 534), 11)
    plate.dot((658, 534), 5, light=True)
    plate.polygon([(1010, 792), (1190, 792), (1160, 832), (1040, 832)], 6, WALL, 2)
    plate.line([(1098, 792), (1098, 640)], 6)
    plate.polygon([(1102, 650), (1102, 776), (1172, 776)], 40, METAL, 2)
    figure(plate, 1056, 800, 62)


def rowing(plate: Plate) -> None:
    """A gig with its crew, six oars in time."""
    sky(plate, 380, top=200)
    plate.polygon(curve([(-20, 385), (300, 320), (620, 350), (900, 380)]), Shade(180, 215), ROOF)
    sea(plate, 380, far=220, near=60)
    plate.polygon(
        curve([(150, 640), (420, 690), (900, 712), (1300, 670), (1500, 590)])
        + curve([(1500, 590), (1380, 740), (1000, 790), (480, 780), (200, 720), (150, 640)]),
        Shade(90, 25),
        WALL,
        4,
    )
    plate.line(curve([(156, 652), (420, 702), (900, 726), (1300, 684), (1490, 604)]), 7, light=True)
    for i in range(6):
        x = 420 + i * 150
        y = 700 - abs(i - 2) * 8
        plate.polygon(
            curve(
                [
                    (x - 44, y + 10),
                    (x - 30, y - 110),
                    (x + 26, y - 150),
                    (x + 62, y - 96),
                    (x + 48, y + 10),
                ]
            ),
            Shade(210, 40, sideways=True),
            WALL,
            3,
        )
        plate.ellipse((x + 14, y - 214, x + 70, y - 142), Shade(240, 90, sideways=True), SKY, 3)
        plate.line([(x + 40, y - 96), (x + 104, y - 50)], 14)
        blade = (x - 90 + i * 6, y + 210)
        plate.line([(x + 110, y - 60), blade], 8)
        plate.polygon(
            [
                (blade[0] - 18, blade[1] - 20),
                (blade[0] + 14, blade[1] - 26),
                (blade[0] - 6, blade[1] + 56),
                (blade[0] - 34, blade[1] + 50),
            ],
            240,
            METAL,
            3,
        )
        plate.line(arc((blade[0] - 20, blade[1] + 50), 60, 14, 0, 360), 4, light=True)
        if i == 5:
            plate.red([(x - 40, y - 4), (x - 28, y - 90), (x + 56, y - 84), (x + 46, y - 4)])
    plate.ellipse((1352, 430, 1412, 506), Shade(240, 90, sideways=True), SKY, 3)
    plate.polygon(
        [(1330, 640), (1340, 540), (1382, 506), (1430, 546), (1440, 610)],
        Shade(150, 30, sideways=True),
        METAL,
        3,
    )
