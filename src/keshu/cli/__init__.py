"""The `keshu` command: thin, calls engines and services."""

from __future__ import annotations

import click

from keshu import __version__
from keshu.cli import audit, backup, factcheck, gongwen, notices, outlook, plan, site
from keshu.cli.chinese import Group


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="keshu", message="%(prog)s %(version)s", help="显示版本号。")
def main() -> None:
    """科枢：科技局工作系统。"""


main.add_command(plan.plan)
main.add_command(gongwen.gongwen)
main.add_command(factcheck.factcheck)
main.add_command(outlook.outlook)
main.add_command(audit.audit)
main.add_command(notices.notices)
for command in (site.serve, site.worker, site.demo, site.check, site.create_operator, backup.backup, backup.restore):
    main.add_command(command)
