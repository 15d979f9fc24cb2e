"""Files refused at the door, before anything is kept: kinds that hold no plan, told by content, and plain data by its name."""

from __future__ import annotations

from keshu.apps.bureau.services import Unacceptable

# Text that is data or a program and no document, by the name's ending. Any other ending of a text is read: people name
# files as they like (工作要点.最终稿).
DATA_FILES = {
    "json": "数据文件（.json）",
    "jsonl": "数据文件（.jsonl）",
    "xml": "数据文件（.xml）",
    "yaml": "配置文件（.yaml）",
    "yml": "配置文件（.yml）",
    "ini": "配置文件（.ini）",
    "csv": "数据表（.csv）",
    "tsv": "数据表（.tsv）",
    "sql": "数据库脚本（.sql）",
    "js": "程序代码（.js）",
    "css": "网页样式（.css）",
    "py": "程序代码（.py）",
    "log": "运行日志（.log）",
    "eml": "邮件（.eml）",
}


def refuse_foreign(data: bytes, *, name: str) -> None:
    """Unacceptable, in the engine's words, where the bytes are of a kind that cannot be read; quick, nothing is read yet."""
    from keshu.engines.plandoc import PlanDocumentError
    from keshu.engines.plandoc.reading.sniff import sniff

    ending = name.rpartition(".")[2].lower()
    try:
        kind = sniff(data, name=name)
    except PlanDocumentError as error:
        raise Unacceptable(str(error), field="file") from error
    if kind == "txt" and ending in DATA_FILES:
        raise Unacceptable(
            f"这是{DATA_FILES[ending]}：不是工作要点、工作总结这类文档。"
            "请上传 .docx、.pdf、.html、.txt 或 .md 文件；正文在里面的，请复制到 Word 另存为 .docx。",
            field="file",
        )
