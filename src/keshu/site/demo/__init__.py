"""The demo city 云澜市: invented organisations, people and documents, all marked 演示数据."""
