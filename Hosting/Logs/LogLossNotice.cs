namespace Shortline.Hosting;

/// <summary>Counts lines that did not get into a file, and says so on standard error: at once, then once a minute while it lasts.</summary>
internal sealed class LogLossNotice(TimeProvider time, TextWriter error)
{
    private const string Advice = "The program goes on without them. Free or allow space there, or choose another folder: logs.directory, "
        + "on the command line --logs:directory FOLDER.";

    private readonly RateLimitedLog<string> _limit = new(time, TimeSpan.FromMinutes(1));
    private readonly Lock _lock = new();
    private long _lost;
    private long _told;
    private string? _failing;

    /// <summary>Lines lost since the start.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>A line was not taken: more is logged than is written.</summary>
    public void QueueFull()
    {
        Interlocked.Increment(ref _lost);
        if (_limit.TryPass("queue", out _))
            Tell($"Log lines are lost: more is logged than can be written. {Lost} so far; they are missing in the files alone.");
    }

    /// <summary>A batch of lines could not be written.</summary>
    public void NotWritten(string path, int lines, Exception cause)
    {
        Interlocked.Add(ref _lost, lines);
        lock (_lock)
        {
            var first = _failing is null;
            _failing ??= path;
            if (_limit.TryPass("file", out _) || first)
                Tell($"Log files cannot be written: {SafeText.Of(cause.Message, 500)} ({path}). {Lost} lines are lost so far. {Advice}");
        }
    }

    /// <summary>A batch was written: if it was to a file that failed, that is over.</summary>
    public void Written(string path)
    {
        lock (_lock)
        {
            if (_failing is null || !string.Equals(path, _failing, StringComparison.Ordinal))
                return;
            _failing = null;
            Tell($"Log files are written again; {Lost} lines were lost.");
        }
    }

    /// <summary>Says how many were lost in the end, if more than was told.</summary>
    public void Close()
    {
        if (Lost > Interlocked.Read(ref _told))
            Tell($"{Lost} log lines were lost.");
    }

    private void Tell(string text)
    {
        Interlocked.Exchange(ref _told, Lost);
        try
        {
            error.WriteLine(text);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // Nobody is left to be told.
        }
    }
}
