using Shortline.GrainInterfaces.Fleet;
using Shortline.Playground.Clients;
using Shortline.Protocol.Responses;

namespace Shortline.Playground.Screen;

/// <summary>Formats the output without a terminal: a line a second, and a line for each event or message of the conversation.</summary>
internal static class PlainLines
{
    private const int MostQueues = 16;

    public static string Progress(PlayView view)
    {
        var queues = string.Join(' ', view.Servers.Take(MostQueues).Select(server => server.Queue));
        var more = view.Servers.Count > MostQueues ? " ..." : "";
        var failed = Outcomes.Failed(view.Load);
        return $"{Figures.Clock(view.Elapsed),6}  {Figures.Count(view.Ready, "server")}  queues {queues}{more}  "
            + $"{Figures.Rate(view.Recent.Rate)}  p50 {Figures.Latency(view.Recent.Median)}  p99 {Figures.Latency(view.Recent.Percentile99)}  "
            + $"ok {view.Load.Of(ResponseStatus.Ok)}  failed {failed}  in flight {view.Load.InFlight}"
            + (view.OneOf > 1 ? $"  1 of {view.OneOf} requests shown" : "")
            + (view.Finishing ? "  waiting for the last answers" : "");
    }

    /// <summary>
    /// The new lines: the conversation, which includes the events, or the events alone if <paramref name="conversation"/> is null.
    /// </summary>
    public static IEnumerable<string> New(PlayView view, IReadOnlyList<FleetEvent> events, IReadOnlyList<ConversationLine>? conversation) =>
        conversation is null
            ? events.Select(happened => Line(view, happened.At, happened.Text))
            : conversation.Select(line => Line(view, line.At, line.Describe(unicode: true)));

    private static string Line(PlayView view, DateTimeOffset at, string text) => $"{Figures.Clock(view.Since(at)),6}  {text}";
}
