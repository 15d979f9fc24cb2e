"""Whom a page is for, where the navigation shows it to some people only."""

from keshu.apps.bureau.queries.requests import government_only

#: The registers are kept and read by the government; people outside it see their own rows through their own pages.
for_government = government_only("单位、人员和单位别名的名册供科技部门及各责任单位使用，您的账号不能查看。")
