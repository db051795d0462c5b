using System.Globalization;
using System.Text;

namespace Shortline.Bench.Simulation;

/// <summary>Draws response times by load as SVG. The scale of times is logarithmic, because at high load they differ by factors.</summary>
internal static class LoadChart
{
    private const double Width = 900, Height = 520, Left = 60, Right = 250, Top = 50, Bottom = 50;

    private static readonly string[] Colours =
        ["#1b6ca8", "#d1495b", "#2e933c", "#edae49", "#7d4e9f", "#00798c", "#8d6a4f", "#e07a1f", "#5c677d", "#b5179e", "#3a3a3a"];

    internal static string Draw(IReadOnlyList<ChartLine> lines, string title)
    {
        var (least, most) = (lines.Min(line => line.Points.Min(point => point.X)), lines.Max(line => line.Points.Max(point => point.X)));
        var top = Math.Pow(10, Math.Ceiling(Math.Log10(lines.Max(line => line.Points.Max(point => point.Y)))));
        var svg = new StringBuilder();
        Add($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"13\">");
        Add($"<rect width=\"{Width}\" height=\"{Height}\" fill=\"white\"/><text x=\"{Left}\" y=\"28\" font-size=\"16\">{title}, in service times</text>");
        foreach (var y in (double[])[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000])
        {
            if (y <= top)
                Add($"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(y):0.#}\" y2=\"{Y(y):0.#}\" stroke=\"#ddd\"/><text x=\"{Left - 8}\" y=\"{Y(y) + 4:0.#}\" text-anchor=\"end\">{y}</text>");
        }

        foreach (var x in lines[0].Points.Select(point => point.X))
            Add($"<text x=\"{X(x):0.#}\" y=\"{Height - Bottom + 20}\" text-anchor=\"middle\">{x}</text>");
        Add($"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 10}\" text-anchor=\"middle\">load</text>");

        for (var i = 0; i < lines.Count; i++)
        {
            var colour = Colours[i % Colours.Length];
            var points = string.Join(' ', lines[i].Points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.X):0.#},{Y(point.Y):0.#}")));
            Add($"<polyline points=\"{points}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>");
            var y = Top + (i * 20);
            Add($"<line x1=\"{Width - Right + 15}\" x2=\"{Width - Right + 40}\" y1=\"{y}\" y2=\"{y}\" stroke=\"{colour}\" stroke-width=\"3\"/><text x=\"{Width - Right + 48}\" y=\"{y + 4}\">{lines[i].Name}</text>");
        }

        return svg.AppendLine("</svg>").ToString();

        double X(double load) => Left + ((load - least) / (most - least) * (Width - Left - Right));
        double Y(double time) => Height - Bottom - (Math.Log10(Math.Max(1, time)) / Math.Log10(top) * (Height - Top - Bottom));
        void Add(FormattableString line) => svg.AppendLine(line.ToString(CultureInfo.InvariantCulture));
    }
}
