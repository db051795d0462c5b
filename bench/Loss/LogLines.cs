using System.Collections.Immutable;

namespace Shortline.Bench.Loss;

/// <summary>A line that a process wrote.</summary>
internal readonly record struct LogLine(string Process, string Text);

/// <summary>The lines that the processes of a fleet wrote, in the order of their arrival.</summary>
internal sealed class LogLines(StreamWriter? copy)
{
    private readonly Lock _lock = new();
    private ImmutableList<LogLine> _lines = [];
    private TaskCompletionSource _added = NewSignal();

    internal void Add(string process, string text)
    {
        lock (_lock)
        {
            _lines = _lines.Add(new LogLine(process, text));
            copy?.WriteLine($"{process}: {text}");
            _added.SetResult();
            _added = NewSignal();
        }
    }

    /// <summary>Returns the last line that contains a text; null if there is none.</summary>
    internal LogLine? LastOf(string text)
    {
        lock (_lock)
            return _lines.FindLast(line => line.Text.Contains(text, StringComparison.Ordinal)) is { Text: not null } line ? line : null;
    }

    /// <summary>Waits until any process has written a text, while one process runs.</summary>
    /// <exception cref="TargetFailedException">The text was not written in time, or the process has ended.</exception>
    internal async Task WaitAsync(string text, LossProcess process, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(limit, TimeProvider.System);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            while (true)
            {
                Task added;
                lock (_lock)
                    added = _added.Task;
                if (LastOf(text) is not null)
                    return;
                if (process.Process.HasExited)
                    throw new TargetFailedException($"{process.Name} ended before '{text}' was written. {process.Process.LastLines}");
                await Task.WhenAny(added, process.Process.WaitForExitAsync(stop.Token)).WaitAsync(stop.Token);
            }
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested)
        {
            throw new TargetFailedException($"No process wrote '{text}' within {limit.TotalSeconds} s. {process.Name}: {process.Process.LastLines}");
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
