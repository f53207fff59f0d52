"""Scenes on the quays: cranes, the bridge, the tide board, the Staithe."""

from diurna.web.seed.pictures.elements import arc, curve, figure, gulls, sea, sky, windows
from diurna.web.seed.pictures.press import (
    METAL,
    ROOF,
    SEA,
    STONE,
    WALL,
    Cut,
    Plate,
    Shade,
)


def _crane(plate: Plate, x: float, foot: float, size: float, *, reach: float = 1.0) -> None:
    """A jib crane on a portal; `reach` is -1 for one that looks left."""
    w, h = size * 0.16, size
    plate.polygon(
        [
            (x - w, foot),
            (x - w * 0.75, foot - h * 0.34),
            (x + w * 0.75, foot - h * 0.34),
            (x + w, foot),
            (x + w * 0.7, foot),
            (x + w * 0.5, foot - h * 0.26),
            (x - w * 0.5, foot - h * 0.26),
            (x - w * 0.7, foot),
        ],
        60,
        METAL,
        3,
    )
    top = foot - h * 0.34
    plate.polygon(
        [
            (x - w * 0.8, top),
            (x - w * 0.8, top - h * 0.15),
            (x + w * 0.8, top - h * 0.15),
            (x + w * 0.8, top),
        ],
        Shade(190, 60, sideways=True),
        WALL,
        3,
    )
    tip = (x + reach * size * 0.75, foot - h * 1.05)
    root = (x + reach * w * 0.5, top - h * 0.10)
    mast = (x - reach * w * 0.4, foot - h * 0.86)
    plate.line([(x - w * 0.7, top - h * 0.15), mast], 7)
    plate.line([(x + w * 0.5, top - h * 0.15), mast], 6)
    under = (root[0] + reach * 8, root[1] + 34 * size / 500)
    plate.line([root, tip], 7)
    plate.line([under, tip], 7)
    for i in range(9):
        a, b = i / 9, (i + 0.5) / 9
        upper = (root[0] + (tip[0] - root[0]) * a, root[1] + (tip[1] - root[1]) * a)
        lower = (under[0] + (tip[0] - under[0]) * b, under[1] + (tip[1] - under[1]) * b)
        after = (
            root[0] + (tip[0] - root[0]) * (i + 1) / 9,
            root[1] + (tip[1] - root[1]) * (i + 1) / 9,
        )
        plate.line([upper, lower, after], 3)
    plate.line([mast, tip], 2.5)
    plate.line([tip, (tip[0], tip[1] + h * 0.5)], 2.5)
    plate.dot((tip[0], tip[1] + h * 0.5), size * 0.014)


def cranes(plate: Plate) -> None:
    """Three cranes over the basin, a moored coaster, a red sun."""
    sky(plate, 700, top=140)
    plate.red_disc((1210, 470), 92)
    sea(plate, 690, far=215, near=60)
    plate.rect((0, 640, 1600, 702), Shade(120, 60), STONE, 3)
    _crane(plate, 1390, 642, 330, reach=-1)
    _crane(plate, 820, 642, 440)
    _crane(plate, 330, 642, 560)
    plate.polygon(
        [(560, 690), (1290, 690), (1330, 640), (1350, 590), (1230, 612), (600, 612), (520, 590)],
        Shade(70, 30),
        WALL,
        3,
    )
    plate.rect((560, 500, 720, 612), Shade(250, 170, sideways=True), WALL, 3)
    windows(plate, (566, 510, 716, 560), 4, 1, share=(0.55, 0.6))
    plate.rect((610, 430, 668, 502), Shade(180, 60, sideways=True), METAL, 3)
    plate.rect((880, 580, 1180, 612), 110, STONE, 2)
    plate.line([(540, 627), (1318, 627)], 3, light=True)
    plate.line([(1240, 608), (1240, 420), (1240, 430), (1350, 592)], 3)
    gulls(plate, [(980, 250, 34), (1080, 300, 24), (700, 200, 28), (1480, 210, 20)])


def bridge(plate: Plate) -> None:
    """The swing bridge, half open, with a queue on the quay."""
    sky(plate, 600, top=185)
    for x, w, h in (
        (0, 150, 150),
        (150, 110, 210),
        (260, 140, 170),
        (1180, 120, 190),
        (1300, 150, 150),
        (1450, 160, 220),
    ):
        plate.rect((x, 600 - h, x + w, 610), Shade(225, 170, sideways=True), WALL, 2)
        plate.polygon([(x - 6, 600 - h), (x + w / 2, 540 - h), (x + w + 6, 600 - h)], 120, ROOF, 2)
        windows(
            plate,
            (x + 8, 620 - h, x + w - 8, 590),
            3,
            max(1, int(h // 70)),
            share=(0.35, 0.5),
            tone=60,
        )
    sea(plate, 606, far=215, near=70)
    plate.polygon([(-20, 700), (330, 690), (330, 860), (-20, 960)], Shade(200, 60), STONE, 3)
    plate.polygon([(1620, 690), (1330, 680), (1330, 800), (1620, 880)], Shade(180, 60), STONE, 3)
    plate.ellipse((690, 700, 910, 772), Shade(170, 50), STONE, 3)
    plate.polygon(
        [(690, 736), (910, 736), (900, 850), (700, 850)], Shade(230, 50, sideways=True), STONE, 3
    )
    plate.polygon([(330, 640), (1270, 560), (1270, 598), (330, 690)], Shade(90, 40), METAL, 4)
    top = [(330, 600), (800, 420), (1270, 530)]
    plate.line(top, 9)
    plate.line([(800, 420), (800, 650)], 9)
    for i in range(1, 12):
        t = i / 12
        post = 330 + 940 * t
        upper = 600 - 180 * (t / 0.5) if t <= 0.5 else 420 + 110 * ((t - 0.5) / 0.5)
        lower = 640 - 80 * t
        nxt = 330 + 940 * (i + 1) / 12
        plate.line([(post, upper), (post, lower)], 4)
        plate.line([(post, upper), (nxt, 640 - 80 * (i + 1) / 12)], 3)
    plate.line([(330, 640), (1270, 560)], 4, light=True)
    plate.rect((760, 500, 850, 590), Shade(250, 110, sideways=True), WALL, 3)
    plate.polygon([(748, 502), (805, 462), (862, 502)], 40, ROOF, 3)
    plate.red([(322, 596), (338, 596), (338, 648), (322, 648)])
    for i in range(8):
        figure(
            plate,
            40 + i * 34 + plate.rng.uniform(-8, 8),
            708 + i % 2 * 8,
            88 + plate.rng.uniform(-8, 8),
        )
    plate.polygon([(1010, 780), (1290, 770), (1250, 830), (1050, 836)], Shade(80, 30), WALL, 3)
    plate.line([(1130, 776), (1130, 560)], 6)
    plate.line([(1130, 570), (1270, 770)], 2)
    gulls(plate, [(560, 260, 34), (640, 320, 22), (1040, 220, 28)])


def tide_gauge(plate: Plate) -> None:
    """The tide board on the harbour wall, and the water at eleven."""
    plate.rect((0, 0, 1600, 760), Shade(200, 130), STONE)
    plate.wash(90, 60)
    for row in range(7):
        y = row * 112
        plate.line([(0, y), (1600, y + 6)], 4)
        for column in range(8):
            x = column * 230 + (row % 2) * 115 - 60
            plate.line([(x, y), (x + 4, y + 112)], 4)
    plate.rect((0, 560, 1600, 780), Shade(130, 50), Cut(angle=80, period=9, wave=30))
    plate.rect((660, 0, 900, 900), 255, WALL, 5)
    for i in range(9):
        y = 40 + i * 96
        plate.rect((660, y, 780, y + 48), 20, METAL, 2)
        plate.rect((780, y + 48, 900, y + 96), 20, METAL, 2)
        for k in range(4):
            plate.line([(900, y + k * 24), (930 if k else 966, y + k * 24)], 5)
    plate.red([(640, 712), (920, 712), (920, 724), (640, 724)])
    plate.line([(1180, 0), (1180, 800)], 9)
    plate.line([(1260, 0), (1260, 800)], 9)
    for i in range(11):
        plate.line([(1180, 40 + i * 74), (1260, 40 + i * 74)], 9)
    plate.polygon(
        [
            *curve([(-20, 760), (300, 742), (640, 764), (900, 748), (1300, 770), (1640, 750)]),
            (1640, 1080),
            (-20, 1080),
        ],
        Shade(190, 40),
        SEA,
    )
    plate.line(
        curve([(-20, 760), (300, 742), (640, 764), (900, 748), (1300, 770), (1640, 750)]),
        6,
        light=True,
    )
    plate.wash(26, 60, stretch=5, box=(0, 770, 1600, 1067))
    ring = arc((380, 430), 70, 78, 0, 360)
    plate.line(ring, 13)
    plate.dot((380, 350), 22)


def quay_morning(plate: Plate) -> None:
    """The Staithe before the shops open: boats, nets, one man and a broom."""
    sky(plate, 520, top=200, bottom=252)
    for i, (x, w, h) in enumerate(
        ((-20, 190, 300), (170, 160, 360), (330, 170, 290), (500, 150, 330), (650, 180, 280))
    ):
        plate.rect((x, 560 - h, x + w, 620), Shade(245, 170 + i * 6, sideways=True), WALL, 3)
        plate.polygon(
            [(x - 6, 562 - h), (x + w / 2, 480 - h), (x + w + 6, 562 - h)], 90 + i * 10, ROOF, 3
        )
        windows(
            plate,
            (x + 14, 580 - h, x + w - 14, 520),
            3,
            3,
            share=(0.4, 0.6),
            tone=50,
            lit=4 if i == 2 else None,
        )
        plate.rect((x + 60, 530, x + 104, 620), 40, WALL, 3)
    sea(plate, 560, far=225, near=90)
    plate.polygon(
        [(-20, 610), (840, 610), (1100, 1080), (-20, 1080)],
        Shade(235, 190),
        Cut(angle=0, period=13, wave=4),
        4,
    )
    for i in range(9):
        y = 620 + i * i * 5.6
        plate.line([(-20, y), (846 + (y - 610) * 0.55, y)], 2)
    for x, y, s in ((1180, 640, 0.8), (1360, 760, 1.25), (1010, 610, 0.55)):
        plate.polygon(
            [
                (x - 170 * s, y),
                (x + 190 * s, y - 20 * s),
                (x + 130 * s, y + 70 * s),
                (x - 130 * s, y + 70 * s),
            ],
            Shade(110, 30),
            WALL,
            3,
        )
        plate.line([(x - 20 * s, y), (x - 20 * s, y - 260 * s)], 6 * s + 2)
        plate.line([(x - 20 * s, y - 250 * s), (x + 180 * s, y - 20 * s)], 2)
        plate.rect((x - 110 * s, y - 70 * s, x - 40 * s, y), 240, WALL, 3)
        plate.line([(x - 160 * s, y + 16 * s), (x + 176 * s, y)], 4, light=True)
    figure(plate, 520, 880, 240, lean=16)
    plate.line([(570, 730), (640, 880)], 6)
    plate.solid([(622, 868), (660, 866), (676, 900), (620, 902)])
    gulls(plate, [(1180, 240, 36), (1300, 300, 26), (1020, 180, 22)])
