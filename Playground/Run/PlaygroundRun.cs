using Shortline.Balancing.Choosing;
using Shortline.Client.Tool.Load;
using Shortline.Hosting.Settings;
using Shortline.Hosting.Settings.Sources;
using Shortline.Hosting.Start;
using Shortline.Playground.Clients;
using Shortline.Playground.Command;
using Shortline.Playground.Screen;
using Spectre.Console;

namespace Shortline.Playground.Run;

/// <summary>The program: reads settings, asks questions, starts the fleet, shows it, and prints the summary.</summary>
internal sealed class PlaygroundRun(IAnsiConsole console, bool isTerminal, TimeProvider time)
{
    /// <summary>The least interval between two requests that the screen follows, because a viewer does not read faster.</summary>
    private static readonly TimeSpan ReadableInterval = TimeSpan.FromMilliseconds(125);

    /// <summary>The same for printed output, which can be read later.</summary>
    private static readonly TimeSpan PrintedInterval = TimeSpan.FromMilliseconds(10);

    /// <summary>Runs the program.</summary>
    /// <param name="arguments">The command line.</param>
    /// <returns>The exit code: 0 only if every request was answered <c>ok</c>, or if a signal came before the fleet was ready.</returns>
    public async Task<int> RunAsync(PlaygroundArguments arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var settings = Read(arguments);

        // A run with a given duration is not interactive.
        if (isTerminal && arguments.Duration is null)
        {
            arguments = new Questions(console, new Random()).Ask(arguments, Read);
            settings = Read(arguments);
        }

        var duration = arguments.Duration ?? (isTerminal ? null : PlaygroundDefaults.DurationWithoutTerminal);
        var summary = await PlayAsync(RunPlan.Of(arguments, settings, duration), arguments.Conversation);
        if (summary is null)
            return 0;
        foreach (var line in SummaryLines.Of(summary))
            Say(line);
        return summary.ExitCode;
    }

    private static ShortlineSettings Read(PlaygroundArguments arguments)
    {
        var sources = SettingsSources.OfProcess(arguments.ToSettings(), arguments.ConfigFile, BalancingPolicies.Names);
        var result = SettingsReader.Read(sources with { ProgramDefaults = PlaygroundDefaults.For(arguments.Servers) });
        return result.IsValid ? PlaygroundDefaults.WithFiles(result.Settings) : throw new StartFailedException(result.Describe());
    }

    private async Task<PlaySummary?> PlayAsync(RunPlan plan, bool prints)
    {
        var settings = plan.Settings;
        var logs = settings.Logs.Directory.Length == 0 ? null : Path.GetFullPath(settings.Logs.Directory);
        var weights = WeightText.Of(settings.Server.Weights, settings.Server.Count);
        Say($"Starting {Figures.Count(settings.Server.Count, "server")}{(weights is null ? "" : $" (weights: {weights})")} and a gateway"
            + (logs is null ? "." : $". Their logs are in {logs}."));
        await using var host = await PlayHost.StartAsync(settings, time);
        if (host is null)
            return null;
        Say($"The gateway listens on {host.Gateway} (UDP). {Figures.Count(settings.Client.Count, "client")} of this process use it; others may too.");

        var conversation = new Conversation(time, isTerminal ? ReadableInterval : PrintedInterval);
        host.TextExchanges.Answered += conversation.Add;
        var shows = isTerminal || prints;
        using var load = new ClientLoad(LoadOf(plan, host), plan.Operation, shows ? conversation : null, time, host.Logs);
        using var endLoad = new CancellationTokenSource();
        var running = load.RunAsync(endLoad.Token);
        var session = new PlaySession(plan, host.Fleet, load, conversation, time);
        IDisplay display = isTerminal ? new ScreenDisplay(console, time) : new PlainDisplay(console.Profile.Out.Writer, prints ? conversation : null, time);
        try
        {
            await display.Show(session, host.Stopping);
        }
        finally
        {
            await endLoad.CancelAsync();
        }

        var total = await running;
        return new PlaySummary { Last = session.View with { Load = total }, Sizes = session.Sizes, Logs = logs };
    }

    private static LoadSettings LoadOf(RunPlan plan, PlayHost host) => new()
    {
        Gateways = [host.Gateway],
        Clients = plan.Settings.Client.Count,
        StartId = plan.Settings.Client.StartId,
        PortRangeStart = plan.Settings.Client.PortRangeStart,
        PortRangeEnd = plan.Settings.Client.PortRangeEnd,
        Rate = plan.Rate,
        TimeoutMs = plan.Settings.Client.TimeoutMs,
        Retries = plan.Settings.Client.Retries,
        RetryBudgetPercent = plan.Settings.Client.RetryBudgetPercent,
        RetryBudgetPerSecond = plan.Settings.Client.RetryBudgetPerSecond,

        // The playground shows what a fleet does with a load, so the fleet gets all of it.
        Throttle = false,
    };

    /// <summary>Prints a line unbroken. The terminal wraps it, so that it can be searched and copied.</summary>
    private void Say(string line) => console.Profile.Out.Writer.WriteLine(line);
}
