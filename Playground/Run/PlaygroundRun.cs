using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace Shortline.Playground;

/// <summary>The program: reads, asks, starts, shows, sums up.</summary>
internal sealed class PlaygroundRun(IAnsiConsole console, bool isTerminal, TimeProvider time)
{
    /// <summary>Runs it.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="stop">Asks it to end.</param>
    /// <returns>The exit code: 0 only if every request was answered <c>ok</c>.</returns>
    public async Task<int> RunAsync(PlaygroundArguments arguments, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var settings = Read(arguments);

        // Who says how long it shall last does not want to be asked, nor to be there at the end.
        if (isTerminal && arguments.Duration is null)
        {
            arguments = Questions.Ask(console, arguments, settings);
            settings = Read(arguments);
        }

        var duration = arguments.Duration ?? (isTerminal ? null : PlaygroundDefaults.DurationWithoutTerminal);
        var summary = await PlayAsync(PlayPlan.Of(arguments, settings, duration), stop);
        foreach (var line in SummaryLines.Of(summary))
            Say(line);
        return summary.ExitCode;
    }

    private static ShortlineSettings Read(PlaygroundArguments arguments)
    {
        var sources = SettingsSources.OfProcess(arguments.ToSettings(), arguments.ConfigFile, BalancingPolicies.Names);
        var result = SettingsReader.Read(sources with { ProgramDefaults = PlaygroundDefaults.For(arguments.Servers) });
        return result.IsValid ? result.Settings : throw new StartFailedException(result.Describe());
    }

    private async Task<PlaySummary> PlayAsync(PlayPlan plan, CancellationToken stop)
    {
        var settings = plan.Settings;
        var logs = settings.Logs.Directory.Length == 0 ? null : Path.GetFullPath(settings.Logs.Directory);
        Say($"Starting {Figures.Count(settings.Server.Count, "server")} and a gateway"
            + (logs is null ? "." : $". What they have to say is in {logs}."));
        await using var host = await PlayHost.StartAsync(settings, time, stop);
        Say($"The gateway listens on UDP {host.Gateway}. {Figures.Count(settings.Client.Count, "client")} of this process use it; others may too.");

        using var load = new DriverLoad(LoadOf(plan, host), plan.Operation, time, host.Logs);
        using var endLoad = new CancellationTokenSource();
        var running = load.RunAsync(endLoad.Token);
        var session = new PlaySession(plan, host.Fleet, load, time);
        IDisplay display = isTerminal ? new LiveDisplay(console, time) : new PlainDisplay(console.Profile.Out.Writer, time);
        try
        {
            await display.Show(session, stop);
        }
        finally
        {
            await endLoad.CancelAsync();
        }

        var total = await running;
        return new PlaySummary { Last = session.View with { Load = total }, Sizes = session.Sizes, Logs = logs };
    }

    private static LoadSettings LoadOf(PlayPlan plan, PlayHost host) => new()
    {
        Gateways = [host.Gateway],
        Clients = plan.Settings.Client.Count,
        StartId = plan.Settings.Client.StartId,
        PortRangeStart = plan.Settings.Client.PortRangeStart,
        PortRangeEnd = plan.Settings.Client.PortRangeEnd,
        Rate = plan.Rate,
        TimeoutMs = plan.Settings.Client.TimeoutMs,
        Retries = plan.Settings.Client.Retries,
    };

    /// <summary>A line as it is: the terminal breaks it, not the program, so that it can be searched and copied.</summary>
    private void Say(string line) => console.Profile.Out.Writer.WriteLine(line);
}
