// The chart of a target's year: figures of this year and the two before, the target as a line, the forecast dashed with its band.

const ink = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const charts = new Map();

// A round number a little above, so that the target and the band are in the picture.
function rounded(top) {
  const step = 10 ** Math.floor(Math.log10(top)) / 5;
  return Number((Math.ceil((top * 1.02) / step) * step).toPrecision(6));
}

function options(data) {
  const text = { color: ink("--ink-2"), fontFamily: getComputedStyle(document.body).fontFamily };
  const written = (value) => (value === null || value === undefined ? "—" : Number(value.toFixed(2)).toLocaleString("zh-CN"));
  const past = [ink("--edge-strong"), ink("--ink-2")];
  const lines = data.lines.map((line, at) => ({
    name: line.name,
    type: "line",
    data: line.values,
    connectNulls: false,
    symbolSize: line.current ? 7 : 4,
    lineStyle: { width: line.current ? 3 : 1.5, color: line.current ? ink("--blue") : past[at % 2] },
    itemStyle: { color: line.current ? ink("--blue") : past[at % 2] },
    endLabel: { show: true, formatter: line.name, color: line.current ? ink("--blue") : past[at % 2] },
    // Two years that end close to one another keep their names apart.
    labelLayout: { moveOverlap: "shiftY" },
    z: line.current ? 5 : 3,
  }));
  const current = data.lines.find((line) => line.current);
  const last = current ? current.values.findLastIndex((value) => value !== null) : -1;
  // The forecast begins where the figures end, so that the line goes on unbroken.
  const joined = (values) => values.map((value, at) => (at === last ? current.values[last] : value));
  const has = data.forecast.some((value) => value !== null);
  const low = joined(data.low);
  const high = joined(data.high);
  const ahead = !has ? [] : [
    { name: "预计", type: "line", data: joined(data.forecast), symbol: "none", lineStyle: { type: "dashed", width: 2, color: ink("--blue") },
      itemStyle: { color: ink("--blue") }, z: 4 },
    { name: "下限", type: "line", data: low, symbol: "none", stack: "band", lineStyle: { opacity: 0 }, tooltip: { show: false }, z: 1 },
    { name: "八成可能的范围", type: "line", data: high.map((value, at) => (value === null ? null : value - low[at])), symbol: "none", stack: "band",
      lineStyle: { opacity: 0 }, areaStyle: { color: ink("--blue-edge"), opacity: 0.45 }, itemStyle: { color: ink("--blue-edge") }, z: 1 },
  ];
  const goals = {
    type: "line", name: "目标线", data: data.labels.map(() => null),
    markLine: {
      symbol: "none", silent: true,
      data: data.goals.map((goal) => ({ yAxis: goal.value, label: { formatter: `${goal.name} ${written(goal.value)}`, position: "insideStartTop", color: ink("--late") } })),
      lineStyle: { color: ink("--late"), width: 1.5, type: "solid" },
    },
  };
  const all = [...data.lines.flatMap((line) => line.values), ...data.high, ...data.goals.map((goal) => goal.value)].filter((value) => value !== null);
  const floor = Math.min(...all);
  const top = Math.max(...all);
  return {
    animation: false,
    textStyle: text,
    grid: { left: 12, right: 64, top: 60, bottom: 8, containLabel: true },
    legend: { top: 0, left: 0, data: [...data.lines.map((line) => line.name), ...(has ? ["预计", "八成可能的范围"] : [])], textStyle: text },
    tooltip: {
      trigger: "axis", renderMode: "richText", confine: true,
      formatter: (items) => [items[0].axisValue, ...data.lines.map((line) => `${line.name}  ${written(line.values[items[0].dataIndex])}`),
        ...(has && data.forecast[items[0].dataIndex] !== null ? [`预计  ${written(data.forecast[items[0].dataIndex])}（${written(data.low[items[0].dataIndex])}—${written(data.high[items[0].dataIndex])}）`] : []),
      ].join("\n"),
    },
    xAxis: { type: "category", data: data.labels, boundaryGap: false, axisLabel: text, axisLine: { lineStyle: { color: ink("--edge-strong") } } },
    yAxis: {
      type: "value", name: data.unit, nameTextStyle: { ...text, align: "right" }, axisLabel: { ...text, formatter: written },
      splitLine: { lineStyle: { color: ink("--edge") } }, max: top > 0 ? rounded(top) : null,
      // A stock that hardly moves is shown from near its lowest, everything else from nothing.
      scale: floor > top * 0.6,
    },
    series: [...lines, ...ahead, goals],
  };
}

function draw(box) {
  const data = JSON.parse(document.getElementById(box.dataset.chart).textContent);
  const chart = window.echarts.init(box, null, { renderer: "canvas" });
  chart.setOption(options(data));
  charts.set(box.id, { chart, data });
}

function save(id) {
  const { chart, data } = charts.get(id);
  const link = document.createElement("a");
  link.href = chart.getDataURL({ type: "png", pixelRatio: 2, backgroundColor: "#ffffff" });
  link.download = `${data.title}.png`;
  link.click();
}

for (const box of document.querySelectorAll("[data-chart]")) draw(box);
for (const button of document.querySelectorAll("[data-chart-png]")) button.addEventListener("click", () => save(button.dataset.chartPng));
window.addEventListener("resize", () => charts.forEach(({ chart }) => chart.resize()));
window.addEventListener("beforeprint", () => charts.forEach(({ chart }) => chart.resize()));
