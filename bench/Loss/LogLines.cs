using System.Collections.Immutable;

namespace Shortline.Bench.Loss;

/// <summary>A line that a process has written.</summary>
internal readonly record struct LogLine(string Process, string Text);

/// <summary>What the processes of a fleet have written, in the order it came.</summary>
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

    /// <summary>The last line that contains a text.</summary>
    internal LogLine? LastOf(string text)
    {
        lock (_lock)
            return _lines.FindLast(line => line.Text.Contains(text, StringComparison.Ordinal)) is { Text: not null } line ? line : null;
    }

    /// <summary>Waits until some process has written a text, as long as a process is there to see to it.</summary>
    /// <exception cref="TargetFailedException">It was not written in time, or the process has ended.</exception>
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
                    throw new TargetFailedException($"{process.Name} ended before anybody wrote '{text}'. {process.Process.LastLines}");
                await Task.WhenAny(added, process.Process.WaitForExitAsync(stop.Token)).WaitAsync(stop.Token);
            }
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested)
        {
            throw new TargetFailedException($"Nobody wrote '{text}' within {limit.TotalSeconds} s. {process.Name}: {process.Process.LastLines}");
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
