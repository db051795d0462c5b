using Shortline.Playground.Clients;
using Shortline.Playground.Run;

namespace Shortline.Playground.Screen;

/// <summary>
/// Prints a line a second and a line for each event, for files, pipes and build servers; on request also the conversation.
/// </summary>
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
            var events = session.Tick();
            foreach (var line in PlainLines.New(session.View, events, conversation?.TakeNew()))
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
