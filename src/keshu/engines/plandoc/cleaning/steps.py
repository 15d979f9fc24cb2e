"""The steps of cleaning, in order. Each undoes one kind of noise; what an earlier step settles a later one may rely on."""

from __future__ import annotations

from keshu.engines.plandoc.cleaning import blanks, characters, figures, furniture, pages, script, wrapping
from keshu.engines.plandoc.cleaning.step import Step

STEPS: tuple[Step, ...] = (
    Step(blanks.unify_line_ends, "carriage returns", ("甲\r\n乙", "甲\n乙"), frozenset("\r\f")),
    Step(characters.drop_invisible, "zero-width and control characters", ("高\u200b企", "高企"), characters.INVISIBLE),
    Step(characters.drop_private, "private-use bullets and broken characters", ("\uf06c新增", "新增")),
    Step(
        characters.fold_forms,
        "full-width and variant forms",
        ("１２％，髙企", "12%,高企"),
        frozenset(characters.PLAIN_FORMS),
    ),
    Step(
        blanks.frame_tabbed_rows,
        "tabs between the cells of a table",
        ("县区\t投入\t增速\n甲县\t12\t8\n乙县\t9\t6", "| 县区 | 投入 | 增速 |\n| 甲县 | 12 | 8 |\n| 乙县 | 9 | 6 |"),
        frozenset("\t"),
    ),
    Step(
        blanks.frame_open_rows,
        "rows of pipes without pipes at their ends",
        (
            "县区 | 投入 | 增速\n甲县 | 12 | 8\n乙县 | 9 | 6",
            "| 县区 | 投入 | 增速 |\n| 甲县 | 12 | 8 |\n| 乙县 | 9 | 6 |",
        ),
        frozenset("|"),
    ),
    Step(characters.resolve_entities, "HTML entities", ("R&amp;D", "R&D"), frozenset("&")),
    Step(blanks.shorten_gaps, "gaps and breaks without end", ("甲" + "\n" * 300 + "乙", "甲" + "\n" * 100 + "乙")),
    Step(characters.open_enclosed, "labels set as one character", ("㈠主要目标", "(一)主要目标"), characters.ENCLOSED),
    Step(script.mark_mojibake, "bytes lost for good", ("環;ぎ業", "環□業"), script.KANA),
    Step(script.drop_ruby, "pinyin ruby", ("創(chuàng)新", "創新"), script.TONES),
    Step(script.simplify, "traditional script, Taiwan words", ("行動計畫與資訊", "行动计划与信息")),
    Step(script.unspin_synonyms, "words swapped to look new", ("〔一〕效劳企业", "〔一〕服务企业")),
    Step(figures.restore_ampersand, "a lost ampersand", ("R D经费", "R&D经费"), frozenset("Rr")),
    Step(
        pages.drop_running_heads,
        "running heads",
        ("甲局文件\n上文未完\n\f甲局文件\n下文", "甲局文件\n上文未完\n\f下文"),
        frozenset("\f"),
    ),
    Step(pages.drop_page_numbers, "page numbers", ("加计扣\n- 1 -\n除额", "加计扣\n除额")),
    Step(pages.drop_contents, "the table of contents", ("目录\n第一章 目标......1\n第二章 任务......3\n正文", "正文")),
    Step(
        pages.drop_rules,
        "drawn lines",
        ("| 指标 | 目标 |\n|---|---|\n| 高企 | 9 |", "| 指标 | 目标 |\n| 高企 | 9 |"),
        frozenset("-—=_"),
    ),
    Step(furniture.drop_site_furniture, "what a web site puts around a document", ("上一篇:某通知\n正文。", "正文。")),
    Step(
        pages.drop_chunk_numbers,
        "numbers of the sharing site's chunks",
        ("甲" * 300 + "\n2、" + "乙" * 300 + "\n3、丙", "甲" * 300 + "乙" * 300 + "丙"),
    ),
    Step(
        wrapping.join_wrapped_lines,
        "wrapped lines",
        ("围绕先进制造、生物医药、\n新材料", "围绕先进制造、生物医药、新材料"),
    ),
    Step(
        figures.join_broken_numbers,
        "a line end inside a number",
        ("全年新增高新技术企业6\n5家", "全年新增高新技术企业65家"),
    ),
    Step(blanks.settle_breaks, "empty lines", ("甲\n\n乙", "甲\n乙")),
    Step(figures.join_parted_digits, "blanks inside a number", ("新增1 2 0家", "新增120家")),
    Step(blanks.settle_blanks, "blanks inside Chinese", ("达到 120 家", "达到120家")),
    Step(figures.read_ocr_twins, "letters read for digits", ("l00家、2O家", "100家、20家"), figures.TWIN_TRIGGERS),
    Step(figures.read_circles, "the zero of a Chinese year", ("二○二二年", "二〇二二年")),
    Step(figures.restore_lost_signs, "a lost dash or nought", ("20232025年", "2023—2025年")),
    Step(
        figures.restore_full_stops,
        "a point for a full stop",
        ("1.高企.净增9家。2.平台.新建3家。3.合同.成交6亿元", "1.高企。净增9家。2.平台。新建3家。3.合同。成交6亿元"),
        frozenset("."),
    ),
    Step(figures.collapse_doubled_marks, "doubled punctuation", ("甲,,乙、、丙", "甲,乙、丙")),
    Step(figures.drop_form_residue, "form residue", ("局长(签字)", "局长")),
)
