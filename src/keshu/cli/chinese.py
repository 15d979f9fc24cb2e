"""The command line in Chinese: click's own headings, usage lines and errors, said in the words of this house."""

from __future__ import annotations

import re
import sys
from typing import Any

import click
from click.exceptions import Abort, NoArgsIsHelpError, NoSuchCommand

_QUOTED = re.compile(r"'([^']*)'")
# What click says of a value, and how we say it; `{value}` is what was given.
_VALUE_FAULTS: tuple[tuple[str, str], ...] = (
    ("does not exist", "找不到“{value}”，请检查路径和文件名"),
    ("is a directory", "“{value}”是文件夹，这里要写文件"),
    ("is a file", "“{value}”是文件，这里要写文件夹"),
    ("is not readable", "“{value}”没有读取权限"),
    ("is not writable", "“{value}”没有写入权限"),
    ("is not a valid integer", "“{value}”不是整数"),
    ("is not in the range", "“{value}”超出范围"),
    ("is not one of", "没有“{value}”这个选择"),
)


class Command(click.Command):
    """A command that explains itself in Chinese."""

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return [piece.replace("[OPTIONS]", "[选项]") for piece in super().collect_usage_pieces(ctx)]

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="用法：")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        found = [param.get_help_record(ctx) for param in self.get_params(ctx) if isinstance(param, click.Option)]
        records = [record for record in found if record is not None]
        if records:
            with formatter.section("选项"):
                formatter.write_dl(records)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "显示这份说明。"
        return option


class Group(Command, click.Group):
    """A group of such commands; the outermost says every error in Chinese."""

    command_class = Command
    group_class = type

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return ["[选项]", "命令", "……"]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        names = self.list_commands(ctx)
        commands = [(name, self.get_command(ctx, name)) for name in names]
        with formatter.section("命令"):
            formatter.write_dl([(name, each.get_short_help_str(80)) for name, each in commands if each is not None])

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run the command and leave the process; 2 for a wrong call, 1 for anything else that went wrong."""
        try:
            code = super().main(*args, **{**extra, "standalone_mode": False})
        except NoArgsIsHelpError as shown:
            click.echo(shown.ctx.get_help() if shown.ctx else "", err=True)
            sys.exit(2)
        except click.ClickException as error:
            click.echo(f"错误：{said(error)}", err=True)
            if isinstance(error, click.UsageError) and error.ctx is not None:
                click.echo(f"用法见 {error.ctx.command_path} --help", err=True)
            sys.exit(error.exit_code)
        except (Abort, KeyboardInterrupt):
            click.echo("已中止。", err=True)
            sys.exit(1)
        sys.exit(code if isinstance(code, int) else 0)


def said(error: click.ClickException) -> str:
    """What went wrong, in Chinese; our own errors are in Chinese already."""
    if isinstance(error, NoSuchCommand):
        return f"没有“{error.command_name}”这个命令。"
    if isinstance(error, click.NoSuchOption):
        near = f"，是不是 {'、'.join(error.possibilities)}" if error.possibilities else ""
        return f"没有 {error.option_name} 这个选项{near}。"
    if isinstance(error, click.MissingParameter):
        return f"缺少 {_name(error)}。"
    if isinstance(error, click.BadParameter):
        return f"{_name(error)}：{_value_fault(error)}。"
    if isinstance(error, click.BadOptionUsage):
        has_value = "takes no value" in error.message or "does not take" in error.message
        return f"选项 {error.option_name} {'后面不用写内容' if has_value else '后面要写内容'}。"
    if isinstance(error, click.BadArgumentUsage) or "unexpected extra argument" in error.message:
        extra = re.search(r"\((.*)\)", error.message)
        return f"多写了内容：{extra.group(1) if extra else error.message}。"
    return "请写明要用哪个命令。" if error.message.startswith("Missing command") else error.format_message()


def _name(error: click.BadParameter) -> str:
    param = error.param
    if isinstance(param, click.Option):
        return f"选项 {max(param.opts, key=len)}"
    return str(param.make_metavar(error.ctx) if param is not None and error.ctx is not None else error.param_hint)


def _value_fault(error: click.BadParameter) -> str:
    value = _QUOTED.search(error.message)
    given = value.group(1) if value else error.message.split(" ", 1)[0]
    words = next((words for sign, words in _VALUE_FAULTS if sign in error.message), error.message)
    return words.format(value=given)
