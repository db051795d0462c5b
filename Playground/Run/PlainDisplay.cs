namespace Shortline.Playground;

/// <summary>One line a second, for files, pipes and build servers.</summary>
internal sealed class PlainDisplay(TextWriter output, TimeProvider time) : IDisplay
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public async Task Show(PlaySession session, CancellationToken stop)
    {
        using var end = stop.Register(session.End);
        var next = LineInterval;
        while (session.Stage != PlayStage.Ended)
        {
            foreach (var happened in session.Tick())
                await output.WriteLineAsync(PlainLines.Event(session.View, happened));
            if (session.View.Elapsed >= next)
            {
                next += LineInterval;
                await output.WriteLineAsync(PlainLines.Progress(session.View));
            }

            await Task.Delay(TickInterval, time, CancellationToken.None);
        }
    }
}
