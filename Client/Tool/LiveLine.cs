using Spectre.Console;

namespace Shortline.Client.Tool;

/// <summary>Shows the progress of a run: on a terminal as a line that changes, elsewhere as a new line each second.</summary>
internal sealed class LiveLine(TextWriter output)
{
    private static readonly TimeSpan LiveInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(1);

    /// <summary>Whether the output is a terminal on which a line can be changed. One whose TERM is dumb, unknown or missing cannot do that.</summary>
    public bool IsLive { get; } = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected && CanChangeLines(AnsiConsole.Profile.Capabilities);

    /// <summary>Whether a terminal can change a line that it shows.</summary>
    internal static bool CanChangeLines(IReadOnlyCapabilities terminal) => terminal is { Interactive: true, Ansi: true };

    /// <summary>Shows lines until the run has ended, successfully or not.</summary>
    /// <param name="run">The run.</param>
    /// <param name="next">Returns the next line; null keeps the last one.</param>
    public async Task ShowAsync(Task run, Func<Task<string?>> next)
    {
        if (IsLive)
            await AnsiConsole.Live(new Text("")).StartAsync(view => ShowAsync(run, LiveInterval, next, line => view.UpdateTarget(new Text(line))));
        else
            await ShowAsync(run, PlainInterval, next, output.WriteLine);
    }

    private static async Task ShowAsync(Task run, TimeSpan interval, Func<Task<string?>> next, Action<string> show)
    {
        while (await Task.WhenAny(run, Task.Delay(interval, TimeProvider.System, CancellationToken.None)) != run)
        {
            if (await next() is { } line)
                show(line);
        }
    }
}
