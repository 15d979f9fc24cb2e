"""Real files made on the spot: Word documents with automatic numbers, and PDFs with Chinese text, rules and pictures."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Sequence

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

Lines = Sequence[tuple[float, float, str]]


def word(*paragraphs: str) -> bytes:
    """A .docx of plain paragraphs."""
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    return saved(document)


def saved(document: object) -> bytes:
    stream = io.BytesIO()
    document.save(stream)  # type: ignore[attr-defined]
    return stream.getvalue()


def add_list(
    document: object, number: int, levels: Sequence[tuple[str, str]], *, start: int = 1, attributes: str = ""
) -> None:
    """Define list `number`: for each level its number format and its text (``%1、``)."""
    numbering = document.part.numbering_part.element  # type: ignore[attr-defined]
    body = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{attributes}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for depth, (form, text) in enumerate(levels)
    )
    space = nsdecls("w")
    abstract = parse_xml(f'<w:abstractNum {space} w:abstractNumId="{number}">{body}</w:abstractNum>')
    first = numbering.find("{*}num")
    if first is None:
        numbering.append(abstract)
    else:
        first.addprevious(abstract)
    numbering.append(parse_xml(f'<w:num {space} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'))


def number_paragraph(paragraph: object, number: int, depth: int = 0) -> None:
    """Put a paragraph into list `number`."""
    properties = paragraph._p.get_or_add_pPr()  # type: ignore[attr-defined]
    properties.append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>')
    )


def repacked(data: bytes, changes: dict[str, bytes]) -> bytes:
    """The zip `data` with parts added or replaced."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename not in changes:
                new.writestr(info, old.read(info.filename))
        for name, content in changes.items():
            new.writestr(name, content)
    return stream.getvalue()


def pdf(
    pages: Sequence[Lines], *, rules: Sequence[str] = (), size: float = 14, image: tuple[int, int, bytes] | None = None
) -> bytes:
    """A PDF whose pages print each ``(x, y, text)``; `rules` are drawing commands, `image` a page-filling grey picture.

    The font is a CID font that is not embedded, with identity codes and a ToUnicode map: enough for any reader of text.
    """
    objects: list[bytes] = [b"", b"", b""]
    letters = sorted({letter for lines in pages for _, _, text in lines for letter in text})
    codes = {letter: index + 1 for index, letter in enumerate(letters)}
    objects[2] = _stream(_to_unicode(codes))
    widths = " ".join(f"{code} [{500 if letter.isascii() else 1000}]" for letter, code in codes.items())
    objects += [
        b"<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/Identity-H/DescendantFonts[5 0 R]/ToUnicode 3 0 R>>",
        f"<</Type/Font/Subtype/CIDFontType2/BaseFont/SimSun/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement "
        f"0>>"
        f"/FontDescriptor 6 0 R/DW 1000/W[{widths}]>>".encode(),
        b"<</Type/FontDescriptor/FontName/SimSun/Flags 4/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 860"
        b"/Descent -140/CapHeight 700/StemV 80>>",
    ]
    picture = b""
    if image is not None:
        width, height, grey = image
        packed = zlib.compress(grey)
        objects.append(
            f"<</Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/DeviceGray/BitsPerComponent 8"
            f"/Filter/FlateDecode/Length {len(packed)}>>stream\n".encode()
            + packed
            + b"\nendstream"
        )
        picture = f"/XObject<</P {len(objects)} 0 R>>".encode()
    kids = []
    for index, lines in enumerate(pages):
        drawn = rules[index] if index < len(rules) else ""
        text = "".join(
            f"BT /F {size} Tf {x} {y} Td <{''.join(f'{codes[letter]:04X}' for letter in words)}> Tj ET\n"
            for x, y, words in lines
        )
        shown = "q 595 0 0 842 0 0 cm /P Do Q\n" if image is not None else ""
        objects.append(_stream(f"{shown}{drawn}\n{text}".encode()))
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 4 0 R>>"
            + picture
            + f">>/Contents {len(objects)} 0 R>>".encode()
        )
        kids.append(f"{len(objects)} 0 R")
    objects[0] = b"<</Type/Catalog/Pages 2 0 R>>"
    objects[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(kids)}]>>".encode()
    return _assembled(objects)


def _stream(content: bytes) -> bytes:
    packed = zlib.compress(content)
    return f"<</Filter/FlateDecode/Length {len(packed)}>>stream\n".encode() + packed + b"\nendstream"


def _to_unicode(codes: dict[str, int]) -> bytes:
    pairs = [f"<{code:04X}> <{letter.encode('utf-16-be').hex()}>" for letter, code in codes.items()]
    chunks = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]
    maps = "\n".join(f"{len(chunk)} beginbfchar\n" + "\n".join(chunk) + "\nendbfchar" for chunk in chunks)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def "
        f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{maps}\nendcmap end end"
    ).encode()


def _assembled(objects: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.5\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    out += f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)
