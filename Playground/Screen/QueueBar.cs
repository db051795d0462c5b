namespace Shortline.Playground.Screen;

/// <summary>
/// Draws a queue as a bar: a cell for each request, or for a round number of requests if the longest queue would not fit.
/// </summary>
internal readonly record struct QueueBar
{
    // Eighths of a cell, from none to all.
    private const string Eighths = " ▏▎▍▌▋▊▉█";

    private readonly int _width;
    private readonly bool _unicode;

    private QueueBar(int width, int perCell, bool unicode)
    {
        _width = width;
        PerCell = perCell;
        _unicode = unicode;
    }

    /// <summary>Requests that one cell stands for: 1, 2, 5, 10, 20, 50 ...</summary>
    public int PerCell { get; }

    /// <summary>Creates bars of <paramref name="width"/> cells into which the longest queue fits.</summary>
    public static QueueBar Fitting(int width, int longest, bool unicode)
    {
        var perCell = 1;
        for (var step = 0; (long)perCell * width < longest; step++)
            perCell = (step % 3) switch { 0 => perCell * 2, 1 => perCell / 2 * 5, _ => perCell * 2 };
        return new QueueBar(width, perCell, unicode);
    }

    /// <summary>The bar of one queue. A queue that is not empty is visible.</summary>
    public string Of(int queue)
    {
        if (queue <= 0)
            return "";
        if (!_unicode)
            return new string('#', Math.Clamp((queue + PerCell - 1) / PerCell, 1, _width));
        var eighths = (int)Math.Clamp(8L * queue / PerCell, 1, 8L * _width);
        var bar = new string(Eighths[8], eighths / 8);
        return eighths % 8 == 0 ? bar : bar + Eighths[eighths % 8];
    }
}
