namespace Shortline.Playground;

/// <summary>What is shown where there is no terminal: one line a second, and one for each event.</summary>
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
            + (view.Finishing ? "  waiting for the last answers" : "");
    }

    public static string Event(PlayView view, FleetEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        return $"{Figures.Clock(view.Since(happened)),6}  {happened.Text}";
    }
}
