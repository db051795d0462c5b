namespace Shortline.Playground;

/// <summary>One line a second and one for each event, for files, pipes and build servers; the conversation too if it is asked for.</summary>
internal sealed class PlainDisplay(TextWriter output, Conversation? conversation, TimeProvider time) : IDisplay
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
            var news = session.Tick();
            foreach (var line in PlainLines.News(session.View, news, conversation?.TakeNew()))
                await output.WriteLineAsync(line);
            if (session.View.Elapsed >= next)
            {
                next += LineInterval;
                await output.WriteLineAsync(PlainLines.Progress(session.View));
            }

            await Task.Delay(TickInterval, time, CancellationToken.None);
        }
    }
}
