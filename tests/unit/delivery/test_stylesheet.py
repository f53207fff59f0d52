"""Style sheets put in one piece."""

import pytest

from diurna.common.errors import Invalid
from diurna.delivery.stylesheet import has_imports, inline_imports

FILES = {
    "css/all.css": (
        '@layer one, two;\n\n@import url("a.css") layer(one);\n@import url("parts/b.css");\n'
        "p {\n  color: red;\n}\n"
    ),
    "css/a.css": '/* words */\n@font-face {\n  src: url("../fonts/f.woff2") format("woff2");\n}\n',
    "css/parts/b.css": "a:hover,\nb :focus {\n  margin: calc(1px + 2px) 0;\n}\n",
}


def test_imports_stand_in_their_place_and_in_their_layer() -> None:
    css = inline_imports("css/all.css", FILES.__getitem__)
    assert css == (
        '@layer one,two;@layer one{@font-face{src:url("../fonts/f.woff2") format("woff2")}}'
        "a:hover,b :focus{margin:calc(1px + 2px) 0}p{color:red}"
    )


def test_a_sheet_without_imports_is_left_to_itself() -> None:
    assert not has_imports(FILES["css/a.css"])
    assert has_imports(FILES["css/all.css"])


def test_an_address_in_another_folder_is_refused_since_it_would_point_elsewhere() -> None:
    files = {**FILES, "css/parts/b.css": 'b { background: url("x.svg"); }'}
    with pytest.raises(Invalid, match=r"css/parts/b\.css"):
        inline_imports("css/all.css", files.__getitem__)
